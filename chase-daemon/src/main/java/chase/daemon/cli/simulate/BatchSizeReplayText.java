package chase.daemon.cli.simulate;

import chase.daemon.cli.view.Table;
import chase.daemon.cli.view.TextLayout;
import chase.daemon.simulation.BatchSizeSummary;
import chase.zeus.batchsize.trace.JobTrace;
import chase.zeus.batchsize.trace.TraceReplay;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/** Replays of a recurring job as a table: a mean and a standard deviation for each policy. */
final class BatchSizeReplayText {
  private static final List<Table.Column> COLUMNS =
      List.of(
          Table.text("POLICY").keep(),
          Table.number("ENERGY kJ"),
          Table.number("SAVED %").keep(),
          Table.number("IN ALL %"),
          Table.number("REGRET").keep(),
          Table.number("ABOVE %"),
          Table.number("TIME s"),
          Table.number("SAVED %"));

  private final TraceReplay replay;

  private BatchSizeReplayText(TraceReplay replay) {
    this.replay = replay;
  }

  static String of(
      String basis, TraceReplay replay, List<BatchSizeSummary> summaries, TextLayout layout) {
    BatchSizeReplayText text = new BatchSizeReplayText(replay);
    Set<String> policies =
        summaries.stream()
            .map(BatchSizeSummary::policy)
            .collect(Collectors.toCollection(LinkedHashSet::new));
    List<List<String>> rows =
        policies.stream()
            .map(policy ->
                text.row(
                    policy, summaries.stream().filter(s -> s.policy().equals(policy)).toList()))
            .toList();
    return String.join(
        "\n",
        Table.of(COLUMNS, rows).render(layout),
        layout.verbatim(basis),
        layout.verbatim(text.legend()));
  }

  private List<String> row(String policy, List<BatchSizeSummary> seeds) {
    double optimum = replay.optimum().cost(replay.cost());
    return List.of(
        policy,
        cell(seeds, s -> s.energyJoulesLast5() / 1000),
        cell(seeds, s -> 100 * s.energySaving()),
        cell(seeds, s -> 100 * s.cumulativeEnergySaving()),
        cell(seeds, BatchSizeSummary::regret),
        cell(seeds, s -> 100 * (s.costJoulesLast5() / optimum - 1)),
        cell(seeds, BatchSizeSummary::secondsLast5),
        cell(seeds, s -> 100 * s.timeSaving()));
  }

  private String legend() {
    return ("Mean (standard deviation) over the seeds; the last five recurrences, but for IN ALL,"
            + " the energy that all of them saved, and REGRET.\n"
            + "Savings are against %s at full power; REGRET counts runs of the optimum, %s, and"
            + " ABOVE is the cost above it.")
        .formatted(description(replay.baseline()), description(replay.optimum()));
  }

  private static String description(JobTrace.ExpectedRun run) {
    return String.format(
        Locale.ROOT, "batch size %d at %s", run.batchSize(), run.operatingPoint().limit());
  }

  private static String cell(
      List<BatchSizeSummary> seeds, ToDoubleFunction<BatchSizeSummary> figure) {
    double mean = seeds.stream().mapToDouble(figure).average().orElseThrow();
    double squares =
        seeds.stream().mapToDouble(figure).map(value -> (value - mean) * (value - mean)).sum();
    String shown = number(mean);
    return seeds.size() == 1
        ? shown
        : shown + " (" + number(Math.sqrt(squares / (seeds.size() - 1))) + ")";
  }

  private static String number(double value) {
    String digits = Math.abs(value) < 20 ? "%.2f" : Math.abs(value) < 1000 ? "%.1f" : "%.0f";
    return String.format(Locale.ROOT, digits, value + 0.0);
  }
}
