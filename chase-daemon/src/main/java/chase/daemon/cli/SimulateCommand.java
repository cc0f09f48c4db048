package chase.daemon.cli;

import chase.daemon.simulation.Contender;
import chase.daemon.simulation.RecordedGrid;
import chase.daemon.simulation.Result;
import chase.daemon.simulation.Simulation;
import chase.daemon.simulation.SimulationPage;
import chase.daemon.simulation.Starts;
import chase.daemon.simulation.Summary;
import chase.zeus.profile.PowerProfile;
import chase.zeus.profile.ProfileCsv;
import chase.zeus.replay.Forecast;
import chase.zeus.replay.Job;
import chase.zeus.replay.Recording;
import chase.zeus.replay.Replay;
import chase.zeus.unit.Watts;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code chase simulate}: policies on a recorded grid, at full speed. */
@Command(
    name = "simulate",
    description = "Replay policies on a recorded grid and compare them with full power.")
public final class SimulateCommand implements Callable<Integer> {
  private static final int MOST_STARTS = 100_000;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--signal",
      required = true,
      paramLabel = "FILE",
      description = "The grid: CSV with the header time,grams_per_kwh.")
  private Path signal = Path.of("");

  @Option(
      names = "--profile",
      required = true,
      paramLabel = "FILE",
      description =
          "The job on its GPU: CSV with the header power_limit_watts,power_watts,throughput.")
  private Path profile = Path.of("");

  @Option(
      names = "--policy",
      required = true,
      arity = "1..*",
      paramLabel = "SPEC",
      description =
          "max, fixed:WATTS, zeus:ETA, chase:ETA[:REFERENCE], budget:BOUND or optimum:BOUND.")
  private List<String> policies = new ArrayList<>();

  @Option(
      names = "--hours",
      defaultValue = "20",
      paramLabel = "H",
      description = "The job's length at full power; ${DEFAULT-VALUE} by default.")
  private double hours;

  @Option(
      names = "--start",
      paramLabel = "TIME",
      description = "When the job begins, such as 2021-06-01T00:00:00Z; as early as possible.")
  private Optional<String> start = Optional.empty();

  @Option(
      names = "--starts",
      paramLabel = "N",
      description = "How many starts, spread over the signal; 1 by default.")
  private Optional<Integer> starts = Optional.empty();

  @Option(
      names = "--seed",
      defaultValue = "7",
      paramLabel = "S",
      description = "Chooses the starts; ${DEFAULT-VALUE} by default.")
  private long seed;

  @Option(
      names = "--forecast",
      defaultValue = "own",
      converter = ForecastName.class,
      paramLabel = "KIND",
      description = "perfect, persistence or own (the same hour of the day before), the default.")
  private Forecast forecast = Forecast.OWN;

  @Option(
      names = "--format",
      defaultValue = "table",
      converter = FormatName.class,
      paramLabel = "FORM",
      description = "table (the default), json or html.")
  private Format format = Format.TABLE;

  @Option(
      names = "--host-watts",
      defaultValue = "0",
      paramLabel = "W",
      description = "The host's draw for each GPU, added at every limit; 0 by default.")
  private double hostWatts;

  @Option(
      names = "--deferrable",
      description = "The job may pause; its bound is then mostly used for pauses.")
  private boolean deferrable;

  @Option(
      names = "--idle-watts",
      paramLabel = "W",
      description = "What a paused job draws; 0, which also releases the host, by default.")
  private Optional<Double> idleWatts = Optional.empty();

  /** The forms of an answer. */
  enum Format {
    /** For people. */
    TABLE,
    /** For programs. */
    JSON,
    /** A page of its own. */
    HTML
  }

  /** The command, as picocli fills it. */
  public SimulateCommand() {}

  @Override
  public Integer call() {
    List<Contender> contenders = policies.stream().map(this::contender).toList();
    Recording recording = orWrong(() -> RecordedGrid.read(signal));
    PowerProfile known = orWrong(() -> ProfileCsv.parse(profile.toString(), text(profile)));
    Replay replay = new Replay(recording, known, watts("--host-watts", hostWatts));
    List<Job> jobs = jobs(recording, longest(replay, contenders));
    ProgressBar bar = bar(contenders, jobs);
    String answer =
        orWrong(
            () -> answer(recording, new Simulation(replay, jobs, forecast, bar::step), contenders));
    bar.clear();
    spec.commandLine().getOut().println(answer);
    return ExitCode.DONE;
  }

  private ProgressBar bar(List<Contender> contenders, List<Job> jobs) {
    int measured =
        format == Format.JSON ? 0 : (int) contenders.stream().filter(Result::isMeasured).count();
    return new ProgressBar(
        spec.commandLine().getErr(),
        ProgressBar.isTerminal(),
        InstantSource.system(),
        Simulation.replays(jobs.size(), contenders.size(), measured, format == Format.HTML));
  }

  private String answer(Recording recording, Simulation simulation, List<Contender> contenders) {
    List<Result> results =
        contenders.stream()
            .map(contender -> Result.of(simulation, contender, format != Format.JSON))
            .toList();
    return switch (format) {
      case TABLE -> SimulationText.of(basis(results), results);
      case JSON -> json(results.stream().map(Result::summary).toList());
      case HTML ->
          SimulationPage.of(
              basis(results), recording, results, simulation.frontier(widest(results)));
    };
  }

  /** How far the picture of the frontier reaches; two percent at least. */
  private static double widest(List<Result> results) {
    return results.stream().mapToDouble(r -> r.summary().slowdown()).reduce(0.02, Math::max);
  }

  private static String json(List<Summary> summaries) {
    try {
      return new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(summaries);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private String basis(List<Result> results) {
    int count = results.getFirst().summary().starts();
    String when =
        count == 1
            ? "one start at " + results.getFirst().outcomes().getFirst().job().start()
            : count + " starts chosen by seed " + seed;
    return "Simulated from %s and %s: a job of %s h at full power%s, %s, forecast %s; %s. Savings are against max."
        .formatted(
            signal.getFileName(),
            profile.getFileName(),
            Figure.of(hours),
            deferrable ? " that may pause" : "",
            when,
            forecast.name().toLowerCase(Locale.ROOT),
            hostWatts == 0 ? "GPU only" : Figure.of(hostWatts) + " W of host with each GPU");
  }

  private Contender contender(String policy) {
    try {
      return Contender.parse(policy);
    } catch (IllegalArgumentException e) {
      throw wrong("--policy: " + e.getMessage());
    }
  }

  private Duration longest(Replay replay, List<Contender> contenders) {
    if (!(hours > 0 && hours <= 1e6)) {
      throw wrong("--hours must lie above 0 and up to 1000000: " + hours);
    }
    double bound =
        contenders.stream().mapToDouble(c -> c.bound().orElse(0)).reduce(0.02, Math::max);
    return Duration.ofSeconds((long) Math.ceil(length() * Math.max(replay.longest(), 1 + bound)));
  }

  private double length() {
    return hours * 3600;
  }

  private List<Job> jobs(Recording recording, Duration longest) {
    Optional<Watts> idle =
        deferrable ? Optional.of(watts("--idle-watts", idleWatts.orElse(0.0))) : Optional.empty();
    Duration atFullPower = Duration.ofNanos((long) (length() * 1e9));
    return begins(recording, longest).stream()
        .map(begin -> new Job(begin, atFullPower, idle))
        .toList();
  }

  private List<Instant> begins(Recording recording, Duration longest) {
    if (idleWatts.isPresent() && !deferrable) {
      throw wrong("--idle-watts only has a meaning with --deferrable");
    }
    if (start.isPresent() && starts.isPresent()) {
      throw wrong("--start and --starts exclude each other");
    }
    if (starts.isPresent() && (starts.get() < 1 || starts.get() > MOST_STARTS)) {
      throw wrong("--starts must lie in 1 to " + MOST_STARTS + ": " + starts.get());
    }
    if (start.isEmpty()) {
      return orWrong(() -> Starts.spread(recording, longest, starts.orElse(1), seed));
    }
    Instant begin = instant(start.get());
    if (begin.isBefore(recording.from()) || begin.plus(longest).isAfter(recording.to())) {
      throw wrong(
          "--start: a job from %s may last until %s, and %s covers %s to %s"
              .formatted(begin, begin.plus(longest), signal, recording.from(), recording.to()));
    }
    return List.of(begin);
  }

  private Instant instant(String text) {
    try {
      return Instant.parse(text);
    } catch (DateTimeException e) {
      throw wrong("--start: '" + text + "' is not an instant such as 2021-06-01T00:00:00Z");
    }
  }

  private Watts watts(String option, double value) {
    try {
      return new Watts(value);
    } catch (IllegalArgumentException e) {
      throw wrong(option + ": " + e.getMessage());
    }
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (NoSuchFileException e) {
      throw new IllegalArgumentException(file + ": no such file", e);
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException(file + ": not UTF-8 text", e);
    } catch (IOException e) {
      throw new IllegalArgumentException(file + ": cannot be read: " + e, e);
    }
  }

  /** What the libraries refuse is the user's input, and they name the offending thing. */
  private <T> T orWrong(Supplier<T> question) {
    try {
      return question.get();
    } catch (IllegalArgumentException e) {
      throw wrong(String.valueOf(e.getMessage()));
    }
  }

  private ParameterException wrong(String message) {
    return new ParameterException(spec.commandLine(), message);
  }

  /** Reads {@code perfect}. */
  static final class ForecastName implements ITypeConverter<Forecast> {
    @Override
    public Forecast convert(String name) {
      return oneOf(Forecast.values(), name);
    }
  }

  /** Reads {@code json}. */
  static final class FormatName implements ITypeConverter<Format> {
    @Override
    public Format convert(String name) {
      return oneOf(Format.values(), name);
    }
  }

  private static <E extends Enum<E>> E oneOf(E[] values, String name) {
    for (E value : values) {
      if (value.name().toLowerCase(Locale.ROOT).equals(name)) {
        return value;
      }
    }
    List<String> names = new ArrayList<>();
    for (E value : values) {
      names.add(value.name().toLowerCase(Locale.ROOT));
    }
    throw new TypeConversionException("'" + name + "' is not one of " + String.join(", ", names));
  }
}
