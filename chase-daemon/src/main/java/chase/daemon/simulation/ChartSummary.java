package chase.daemon.simulation;

import chase.daemon.simulation.Simulation.FrontierPoint;
import chase.zeus.policy.EnergyOutlook.Slot;
import chase.zeus.replay.JobOutcome;
import chase.zeus.unit.Watts;
import java.util.Comparator;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/** What the pictures of a simulation show, each in a sentence with figures. */
final class ChartSummary {
  private ChartSummary() {}

  /** The frontier: what one policy saves, beside the blind mix and the optimum. */
  static String ofFrontier(String aim, List<PolicyResult> results, List<FrontierPoint> frontier) {
    PolicyResult shown = mostTelling(results);
    PolicyResult.Summary summary = shown.summary();
    double slowdown = summary.slowdown();
    return String.format(
        Locale.ROOT,
        "Simulated: %s saves %.1f %% of the %s at %.1f %% slowdown; there a mix of two limits that"
            + " ignores the grid saves %.1f %% and the exact optimum %.1f %%.",
        summary.policy(),
        percent(summary.weightSaving()),
        aim,
        percent(slowdown),
        percent(at(slowdown, frontier, FrontierPoint::blind)),
        percent(at(slowdown, frontier, FrontierPoint::optimum)));
  }

  /** The first start: how the grid varied, and what one policy's limit did. */
  static String ofCourse(RecordedEnergy energy, List<PolicyResult> results) {
    PolicyResult shown = mostTelling(results);
    JobOutcome first = shown.outcomes().getFirst();
    List<JobOutcome.Span> spans = first.spans();
    List<Slot> slots = energy.weight().between(first.job().start(), spans.getLast().to());
    DoubleSummaryStatistics grid = slots.stream().mapToDouble(Slot::weight).summaryStatistics();
    DoubleSummaryStatistics limits =
        spans.stream()
            .map(JobOutcome.Span::limit)
            .flatMap(Optional::stream)
            .mapToDouble(Watts::value)
            .summaryStatistics();
    String unit = energy.carbonAlone() ? " " + energy.unit() : " in weight";
    return String.format(
        Locale.ROOT,
        "Simulated: the grid lies between %s and %s%s; %s keeps its limit between %.0f and %.0f W,"
            + " changes it %d times and is done after %.1f h, %.1f %% later than at full power.",
        figure(grid.getMin()),
        figure(grid.getMax()),
        unit,
        shown.summary().policy(),
        limits.getMin(),
        limits.getMax(),
        first.limitChanges(),
        first.seconds() / 3600,
        percent(first.slowdown()));
  }

  /** The first budget, which is what Chase promises; else what saves most. */
  private static PolicyResult mostTelling(List<PolicyResult> results) {
    return results.stream()
        .filter(result -> PolicyResult.hasBaselines(result.policy()))
        .findFirst()
        .or(() ->
            results.stream()
                .max(Comparator.comparingDouble(result -> result.summary().weightSaving())))
        .orElseThrow();
  }

  /** The frontier between its points. */
  private static double at(
      double slowdown, List<FrontierPoint> frontier, ToDoubleFunction<FrontierPoint> saving) {
    FrontierPoint before = frontier.getFirst();
    for (FrontierPoint point : frontier) {
      if (point.slowdown() >= slowdown) {
        double width = point.slowdown() - before.slowdown();
        double share = width > 0 ? (slowdown - before.slowdown()) / width : 0;
        return saving.applyAsDouble(before)
            + share * (saving.applyAsDouble(point) - saving.applyAsDouble(before));
      }
      before = point;
    }
    return saving.applyAsDouble(before);
  }

  private static String figure(double value) {
    return String.format(Locale.ROOT, Math.abs(value) < 10 ? "%.2f" : "%.0f", value);
  }

  /** Minus zero, which rounding makes of small losses, is zero. */
  private static double percent(double ratio) {
    double percent = 100 * ratio;
    return Math.abs(percent) < 0.05 ? 0 : percent;
  }
}
