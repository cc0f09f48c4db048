package chase.daemon.cli;

import chase.carbon.CarbonIntensity;
import chase.carbon.GramsPerKwh;
import chase.carbon.Provenance;
import chase.carbon.Region;
import chase.carbon.SignalKind;
import chase.carbon.SignalKind.Margin;
import chase.carbon.SignalKind.Scope;
import chase.carbon.history.SignalRecorder;
import chase.daemon.api.SignalBody;
import chase.daemon.text.Durations;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Records live numbers of the daemon's signal, until Ctrl-C. No provider is asked for it. */
@Command(
    name = "record",
    description = "Write the signal's live numbers to a file, a line of JSON each, until Ctrl-C.",
    footer = {
      "",
      "Each line is on the disk before the next. To play it back: carbon.provider trace,",
      "carbon.trace.file FILE. Only live numbers are recorded, no forecasts of Chase's own."
    })
final class SignalCommand implements Callable<Integer> {
  private final Desk desk;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(paramLabel = "FILE", description = "Where to; its name must end in .jsonl.")
  private Path file = Path.of("");

  @Option(names = "--for", paramLabel = "TIME", description = "How long; by default until Ctrl-C.")
  private Optional<String> lasting = Optional.empty();

  @Option(
      names = "--every",
      paramLabel = "TIME",
      defaultValue = "10s",
      description = "How often the daemon is asked; ${DEFAULT-VALUE} by default.")
  private String every = "10s";

  private boolean away;

  SignalCommand(Desk desk) {
    this.desk = desk;
  }

  @Override
  public Integer call() {
    if (!file.toString().endsWith(".jsonl")) {
      throw wrong("FILE must end in .jsonl, so that trace knows it for a recording: " + file);
    }
    Duration pause = time("--every", every);
    long end = lasting.map(text -> time("--for", text).toNanos()).orElse(Long.MAX_VALUE);
    try (DaemonClient client = new DaemonClient(desk.socket().get());
        SignalRecorder recorder =
            SignalRecorder.open(file, warning -> spec.commandLine().getErr().println(warning))) {
      record(client, recorder);
      long waited = 0;
      while (waited < end && !desk.out().checkError()) {
        waited += pause(pause);
        recordOrWarn(client, recorder);
      }
      return ChaseCommand.ExitCode.DONE;
    } catch (IOException e) {
      throw new CommandException(ChaseCommand.ExitCode.FAILED, "cannot record: " + e.getMessage());
    }
  }

  private Duration time(String option, String text) {
    try {
      Duration time = Durations.parse(text);
      if (time.isPositive()) {
        return time;
      }
      throw wrong(option + " must be above zero");
    } catch (IllegalArgumentException e) {
      throw wrong(option + ": " + e.getMessage());
    }
  }

  private ParameterException wrong(String what) {
    return new ParameterException(spec.commandLine(), what);
  }

  /** A daemon that goes away may come back; the first question must be answered. */
  private void recordOrWarn(DaemonClient client, SignalRecorder recorder) throws IOException {
    try {
      record(client, recorder);
      away = false;
    } catch (CommandException gone) {
      if (!away) {
        spec.commandLine().getErr().println("chase: " + gone.getMessage() + "; trying on");
      }
      away = true;
    }
  }

  private void record(DaemonClient client, SignalRecorder recorder) throws IOException {
    SignalBody signal = client.body(client.get("/signal"), SignalBody.class);
    Optional<CarbonIntensity> live =
        signal.level().number() == 0 ? signal.current().map(SignalSamples::of) : Optional.empty();
    if (live.isPresent() && recorder.write(live.get())) {
      desk.out()
          .println(
              String.format(
                  Locale.ROOT,
                  "%s  %s  %.1f gCO2/kWh  %s",
                  live.get().validFrom(),
                  live.get().region(),
                  live.get().value().value(),
                  live.get().provenance().label()));
      desk.out().flush();
    }
  }

  private static long pause(Duration pause) {
    try {
      boolean never = new CountDownLatch(1).await(pause.toNanos(), TimeUnit.NANOSECONDS);
      return never ? Long.MAX_VALUE : pause.toNanos();
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
      throw new CommandException(ChaseCommand.ExitCode.FAILED, "interrupted");
    }
  }

  /** Turns a number as the daemon tells it back into what it is. */
  static final class SignalSamples {
    private SignalSamples() {}

    /**
     * The number with its provenance.
     *
     * @throws CommandException when it is of a kind that this command does not know
     */
    static CarbonIntensity of(SignalBody.Current told) {
      try {
        return new CarbonIntensity(
            new GramsPerKwh(told.carbonIntensityGramsPerKwh()),
            new SignalKind(
                Margin.valueOf(told.margin().toUpperCase(Locale.ROOT)),
                Scope.valueOf(told.scope().toUpperCase(Locale.ROOT))),
            origin(told),
            told.provider(),
            new Region(told.region()),
            told.validFrom(),
            told.validTo(),
            told.publishedAt(),
            told.fetchedAt(),
            told.modelDate());
      } catch (IllegalArgumentException e) {
        throw new CommandException(
            ChaseCommand.ExitCode.FAILED,
            "the daemon's answer is not understood: " + e.getMessage());
      }
    }

    private static Provenance origin(SignalBody.Current told) {
      return switch (told.origin()) {
        case "measured" -> new Provenance.Measured();
        case "estimated" -> new Provenance.Estimated(told.estimationMethod().orElse("unstated"));
        case "forecast" ->
            new Provenance.ForecastByProvider(
                Duration.ofSeconds(told.forecastAheadSeconds().orElse(0L)));
        case "replayed" -> new Provenance.Replayed(told.recordedAt().orElse(told.validFrom()));
        default -> throw new IllegalArgumentException("origin " + told.origin());
      };
    }
  }
}
