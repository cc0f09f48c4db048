package chase.daemon.cli.simulate;

import chase.daemon.api.ApiJson;
import chase.daemon.cli.ChaseCommand;
import chase.daemon.cli.manual.EnumNames;
import chase.daemon.cli.view.Terminal;
import chase.daemon.cli.view.TextLayout;
import chase.daemon.simulation.BatchSizeSummary;
import chase.zeus.batchsize.EnergyTimeCost;
import chase.zeus.batchsize.SearchMethod;
import chase.zeus.batchsize.trace.JobTrace;
import chase.zeus.batchsize.trace.TraceReplay;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code chase simulate batch-size}: a recurring job on Zeus's published traces. */
@Command(
    name = "batch-size",
    description = "Let a job recur on a trace, and see which batch size and power limit it gets.")
final class BatchSizeReplayCommand implements Callable<Integer> {
  private static final int MAX_RECURRENCES = 100_000;
  private static final int MAX_SEEDS = 10_000;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private BatchSizeReplayOptions job = new BatchSizeReplayOptions();

  @Option(
      names = "--eta",
      defaultValue = "0.5",
      paramLabel = "E",
      description = "1 counts energy alone, 0 time alone; ${DEFAULT-VALUE} by default.")
  private double eta;

  @Option(
      names = "--beta",
      defaultValue = "2",
      paramLabel = "X",
      description =
          "Stop a run that costs more than this times the cheapest, or none; ${DEFAULT-VALUE} by"
              + " default.")
  private String beta = "2";

  @Option(
      names = "--recurrences",
      paramLabel = "R",
      description = "How often the job recurs; twice the pairs of batch size and limit by default.")
  private Optional<Integer> recurrences = Optional.empty();

  @Option(
      names = "--seeds",
      defaultValue = "20",
      paramLabel = "S",
      description = "How many seeds, from 1; ${DEFAULT-VALUE} by default.")
  private int seeds;

  @Option(
      names = "--policy",
      arity = "1..*",
      converter = MethodName.class,
      paramLabel = "NAME",
      description = "chase or zeus; both by default.")
  private List<SearchMethod> policies = List.of(SearchMethod.ZEUS, SearchMethod.CHASE);

  @Option(
      names = {"-o", "--format"},
      defaultValue = "table",
      converter = OutputFormat.Converter.class,
      paramLabel = "FORM",
      description = "table (means and standard deviations, the default), wide or json (each seed).")
  private OutputFormat format = OutputFormat.TABLE;

  @Option(names = "--json", description = "The same as -o json.")
  private boolean json;

  /** The command, as picocli fills it. */
  BatchSizeReplayCommand() {}

  @Override
  public Integer call() {
    TraceReplay replay = CommandInput.orUsageError(spec, this::replay);
    int times =
        CommandInput.orUsageError(
            spec, () -> within("--recurrences", recurrences(replay), MAX_RECURRENCES));
    int runs = CommandInput.orUsageError(spec, () -> within("--seeds", seeds, MAX_SEEDS));
    List<BatchSizeSummary> summaries;
    try (ProgressLine bar =
        ProgressLine.start(
            spec.commandLine().getErr(),
            Terminal.isErrorTerminal(),
            InstantSource.system(),
            policies.size() * runs)) {
      summaries =
          policies.stream()
              .flatMap(policy -> summaries(replay, policy, times, runs, bar).stream())
              .toList();
    }
    spec.commandLine()
        .getOut()
        .println(
            switch (json ? OutputFormat.JSON : format) {
              case TABLE -> table(replay, times, runs, summaries, CommandInput.layout(spec));
              case WIDE ->
                  table(replay, times, runs, summaries, CommandInput.layout(spec).unbounded());
              case JSON -> ApiJson.pretty(summaries);
            });
    return ChaseCommand.ExitCode.DONE;
  }

  private String table(
      TraceReplay replay,
      int times,
      int runs,
      List<BatchSizeSummary> summaries,
      TextLayout layout) {
    return BatchSizeReplayText.of(basis(times, runs), replay, summaries, layout);
  }

  private TraceReplay replay() {
    JobTrace trace = job.read();
    return new TraceReplay(trace, cost(trace), beta());
  }

  private EnergyTimeCost cost(JobTrace trace) {
    try {
      return new EnergyTimeCost(eta, trace.maxPower());
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("--eta: " + e.getMessage(), e);
    }
  }

  private Optional<Double> beta() {
    if (beta.equals("none")) {
      return Optional.empty();
    }
    try {
      double value = Double.parseDouble(beta);
      if (value > 0 && Double.isFinite(value)) {
        return Optional.of(value);
      }
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("--beta: '" + beta + "' is neither a number nor none", e);
    }
    throw new IllegalArgumentException("--beta must be above 0 and finite, or none: " + beta);
  }

  private int recurrences(TraceReplay replay) {
    return recurrences.orElseGet(replay::zeusRecurrences);
  }

  private static int within(String option, int value, int most) {
    if (value < 1 || value > most) {
      throw new IllegalArgumentException(
          String.format(Locale.ROOT, "%s must lie in 1 to %d: %d", option, most, value));
    }
    return value;
  }

  /** One for each seed, on all cores. */
  private List<BatchSizeSummary> summaries(
      TraceReplay replay, SearchMethod policy, int times, int runs, ProgressLine bar) {
    return IntStream.rangeClosed(1, runs)
        .parallel()
        .mapToObj(seed -> {
          BatchSizeSummary summary = summary(replay, policy, times, seed);
          bar.step();
          return summary;
        })
        .toList();
  }

  private static BatchSizeSummary summary(
      TraceReplay replay, SearchMethod policy, int times, int seed) {
    String name = EnumNames.word(policy);
    try {
      return BatchSizeSummary.of(name, seed, replay.run(policy, times, seed));
    } catch (TraceReplay.TargetMissedException missed) {
      throw new ChaseCommand.CommandException(
          ChaseCommand.ExitCode.FAILED,
          String.format(Locale.ROOT, "policy %s, seed %d: %s", name, seed, missed.getMessage()));
    }
  }

  private String basis(int times, int runs) {
    return String.format(
        Locale.ROOT,
        "Simulated from %s: %d recurrences, seeds 1 to %d, eta %s, beta %s.",
        job.files(),
        times,
        runs,
        eta,
        beta);
  }

  /** Reads {@code zeus}. */
  static final class MethodName implements ITypeConverter<SearchMethod> {
    @Override
    public SearchMethod convert(String name) {
      return EnumNames.parse(SearchMethod.values(), name);
    }
  }
}
