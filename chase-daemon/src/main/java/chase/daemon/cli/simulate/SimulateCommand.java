package chase.daemon.cli.simulate;

import chase.daemon.api.ApiJson;
import chase.daemon.cli.ChaseCommand;
import chase.daemon.cli.manual.EnumNames;
import chase.daemon.cli.view.Terminal;
import chase.daemon.simulation.ForecastKind;
import chase.daemon.simulation.PolicyResult;
import chase.daemon.simulation.RecordedEnergy;
import chase.daemon.simulation.SimulatedPolicy;
import chase.daemon.simulation.Simulation;
import chase.daemon.simulation.SimulationPage;
import chase.daemon.text.Numbers;
import chase.zeus.profile.PowerProfile;
import chase.zeus.profile.ProfileCsv;
import chase.zeus.replay.ForecastView;
import chase.zeus.replay.JobOutcome;
import chase.zeus.replay.Replay;
import chase.zeus.replay.ReplayJob;
import chase.zeus.unit.Watts;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code chase simulate}: policies on a recorded grid, at full speed. */
@Command(
    name = "simulate",
    customSynopsis = {
      "chase simulate --signal=FILE --profile=FILE --policy=SPEC... [OPTIONS]",
      "      chase simulate forecast --signal=FILE [OPTIONS]",
      "      chase simulate batch-size --train=FILE --power=FILE --workload=NAME [OPTIONS]",
    },
    description = "Replay policies on a recorded grid and compare them with full power.",
    subcommands = {ForecastCommand.class, BatchSizeReplayCommand.class})
public final class SimulateCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--signal",
      paramLabel = "FILE",
      description = "The grid: CSV with the header time,grams_per_kwh.")
  private Path signal = Path.of("");

  @Option(
      names = "--profile",
      paramLabel = "FILE",
      description =
          "The job on its GPU: CSV with the header power_limit_watts,power_watts,throughput.")
  private Path profile = Path.of("");

  @Option(
      names = "--policy",
      arity = "1..*",
      paramLabel = "SPEC",
      description =
          "max, fixed:WATTS, zeus:ETA, chase:ETA[:REFERENCE], budget:BOUND or optimum:BOUND.")
  private List<String> policies = new ArrayList<>();

  @Mixin private PriceOptions priced = new PriceOptions();

  @Mixin private JobOptions simulated = new JobOptions();

  @Option(
      names = "--forecast",
      defaultValue = "own",
      converter = ForecastName.class,
      paramLabel = "KIND",
      description =
          "own (the default: the forecaster of hosts), yesterday (the same hour of the day before),"
              + " persistence or perfect.")
  private ForecastKind forecast = ForecastKind.OWN;

  @Option(
      names = {"-o", "--format"},
      defaultValue = "table",
      converter = SimulationFormatName.class,
      paramLabel = "FORM",
      description =
          "table (the default), wide (all its columns), json, html or svg (the picture of the"
              + " frontier alone).")
  private SimulationFormat format = SimulationFormat.TABLE;

  @Option(names = "--json", description = "The same as -o json.")
  private boolean json;

  @Option(
      names = "--host-watts",
      defaultValue = "0",
      paramLabel = "W",
      description = "The host's draw for each GPU, added at every limit; 0 by default.")
  private double hostWatts;

  /** The forms of an answer. */
  enum SimulationFormat {
    /** For people. */
    TABLE(true, false),
    /** The same with all columns. */
    WIDE(true, false),
    /** For programs. */
    JSON(false, false),
    /** A page of its own. */
    HTML(true, true),
    /** The frontier alone. */
    SVG(false, true);

    /** Whether each budget is compared with its baselines. */
    private final boolean measured;

    /** Whether the frontier is drawn. */
    private final boolean frontier;

    SimulationFormat(boolean measured, boolean frontier) {
      this.measured = measured;
      this.frontier = frontier;
    }
  }

  /** The command, as picocli fills it. */
  public SimulateCommand() {}

  @Override
  public Integer call() {
    requireOptions();
    format = json ? SimulationFormat.JSON : format;
    String answer = CommandInput.orUsageError(spec, this::answer);
    spec.commandLine().getOut().println(answer);
    return ChaseCommand.ExitCode.DONE;
  }

  private String answer() {
    List<SimulatedPolicy> compared = policies.stream().map(SimulateCommand::policy).toList();
    RecordedEnergy energy = priced.energy(RecordedEnergy.readGrid(signal));
    PowerProfile known = ProfileCsv.parse(profile.toString(), CommandInput.text(profile));
    Replay replay = new Replay(energy.weight(), known, host());
    List<ReplayJob> jobs = simulated.jobs(energy.weight(), replay, compared);
    try (ProgressLine bar = bar(compared, jobs)) {
      Duration longest = simulated.longest(replay.longestDurationRatio(), compared);
      ForecastView view = forecast.on(energy, jobs, longest);
      return answer(energy, new Simulation(energy, replay, jobs, view, bar::step), compared);
    }
  }

  /** Not left to picocli, which would also require them of a subcommand. */
  private void requireOptions() {
    for (String name : List.of("--signal", "--profile", "--policy")) {
      if (!spec.commandLine().getParseResult().hasMatchedOption(name)) {
        OptionSpec missing = spec.findOption(name);
        throw new MissingParameterException(
            spec.commandLine(),
            missing,
            "Missing required option: '%s=%s'".formatted(name, missing.paramLabel()));
      }
    }
  }

  private ProgressLine bar(List<SimulatedPolicy> compared, List<ReplayJob> jobs) {
    int budgets = (int) compared.stream().filter(PolicyResult::hasBaselines).count();
    return ProgressLine.start(
        spec.commandLine().getErr(),
        Terminal.isErrorTerminal(),
        InstantSource.system(),
        Simulation.replays(
            jobs.size(), compared.size(), format.measured ? budgets : 0, format.frontier));
  }

  private String answer(
      RecordedEnergy energy, Simulation simulation, List<SimulatedPolicy> compared) {
    List<PolicyResult> results =
        compared.stream()
            .map(policy -> PolicyResult.of(simulation, policy, format.measured))
            .toList();
    return switch (format) {
      case TABLE -> SimulationText.of(basis(results), results, CommandInput.layout(spec));
      case WIDE ->
          SimulationText.of(basis(results), results, CommandInput.layout(spec).unbounded());
      case JSON -> ApiJson.pretty(results.stream().map(PolicyResult::summary).toList());
      case HTML ->
          SimulationPage.of(basis(results), energy, results, simulation.frontier(widest(results)));
      case SVG -> SimulationPage.frontier(energy, results, simulation.frontier(widest(results)));
    };
  }

  /** The largest slowdown of the drawn frontier; at least two percent. */
  private static double widest(List<PolicyResult> results) {
    return results.stream().mapToDouble(r -> r.summary().slowdown()).reduce(0.02, Math::max);
  }

  private String basis(List<PolicyResult> results) {
    List<ReplayJob> jobs = results.getFirst().outcomes().stream().map(JobOutcome::job).toList();
    return "Simulated from %s%s and %s: %s, forecast %s; %s. Savings are against max."
        .formatted(
            signal.getFileName(),
            priced.description(),
            profile.getFileName(),
            simulated.description(jobs),
            EnumNames.word(forecast),
            hostWatts == 0
                ? "GPU only"
                : Numbers.oneDecimal(hostWatts) + " W of host with each GPU");
  }

  private Watts host() {
    try {
      return new Watts(hostWatts);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("--host-watts: " + e.getMessage(), e);
    }
  }

  private static SimulatedPolicy policy(String policy) {
    try {
      return SimulatedPolicy.parse(policy);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("--policy: " + e.getMessage(), e);
    }
  }

  /** Reads {@code perfect}. */
  static final class ForecastName implements ITypeConverter<ForecastKind> {
    @Override
    public ForecastKind convert(String name) {
      return EnumNames.parse(ForecastKind.values(), name);
    }
  }

  /** Reads {@code json}. */
  static final class SimulationFormatName implements ITypeConverter<SimulationFormat> {
    @Override
    public SimulationFormat convert(String name) {
      return EnumNames.parse(SimulationFormat.values(), name);
    }
  }
}
