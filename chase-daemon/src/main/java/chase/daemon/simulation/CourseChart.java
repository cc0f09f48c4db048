package chase.daemon.simulation;

import chase.zeus.policy.EnergyOutlook.Slot;
import chase.zeus.replay.JobOutcome;
import chase.zeus.unit.Watts;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.plot.CombinedDomainXYPlot;
import org.jfree.chart.plot.SeriesRenderingOrder;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.xy.XYStepRenderer;
import org.jfree.data.xy.XYDataset;
import org.jfree.data.xy.XYSeries;
import org.jfree.data.xy.XYSeriesCollection;

/** The grid while the first job ran, and under it every policy's power limit. */
final class CourseChart {
  private static final double GAP = 18;
  private static final int GRID_SHARE = 2;
  private static final int LIMITS_SHARE = 3;

  private CourseChart() {}

  static JFreeChart of(RecordedEnergy energy, List<PolicyResult> results) {
    List<JobOutcome> firsts = results.stream().map(result -> result.outcomes().getFirst()).toList();
    Instant start = firsts.getFirst().job().start();
    double seconds = firsts.stream().mapToDouble(JobOutcome::seconds).max().orElseThrow();
    Instant end = start.plusMillis((long) Math.ceil(seconds * 1000));
    CombinedDomainXYPlot plot = new CombinedDomainXYPlot(ChartStyle.axis("hours after " + start));
    plot.getDomainAxis().setUpperMargin(0);
    plot.setGap(GAP);
    List<Slot> weights = energy.weight().between(start, end);
    plot.add(plot(grid(weights, start), energy.unit(), grid()), GRID_SHARE);
    plot.add(limitPlot(results, start), LIMITS_SHARE);
    return ChartStyle.chart(plot);
  }

  /** Limits lie far above zero, which is shown where a job paused. */
  private static XYPlot limitPlot(List<PolicyResult> results, Instant start) {
    XYPlot plot = plot(limits(results, start), "power limit, W (0: a pause)", limits(results));
    ((NumberAxis) plot.getRangeAxis()).setAutoRangeIncludesZero(false);
    return plot;
  }

  private static XYPlot plot(XYDataset steps, String meaning, XYStepRenderer renderer) {
    XYPlot plot = new XYPlot(steps, null, ChartStyle.axis(meaning), renderer);
    plot.setSeriesRenderingOrder(SeriesRenderingOrder.FORWARD);
    ChartStyle.styleBackground(plot);
    return plot;
  }

  private static XYDataset grid(List<Slot> slots, Instant start) {
    XYSeries grid = new XYSeries("the grid");
    slots.forEach(slot -> step(grid, hours(start, slot.from()), slot.weight()));
    grid.add(hours(start, slots.getLast().to()), slots.getLast().weight());
    return new XYSeriesCollection(grid);
  }

  /** Numbered, because a user may name one policy twice. */
  private static XYDataset limits(List<PolicyResult> results, Instant start) {
    XYSeriesCollection limits = new XYSeriesCollection();
    for (PolicyResult result : results) {
      XYSeries steps = new XYSeries(limits.getSeriesCount());
      List<JobOutcome.Span> spans = result.outcomes().getFirst().spans();
      spans.forEach(span -> step(steps, hours(start, span.from()), watts(span)));
      steps.add(hours(start, spans.getLast().to()), watts(spans.getLast()));
      limits.addSeries(steps);
    }
    return limits;
  }

  /** A value that stays the same is one line. */
  private static void step(XYSeries steps, double hours, double value) {
    if (steps.isEmpty() || steps.getY(steps.getItemCount() - 1).doubleValue() != value) {
      steps.add(hours, value);
    }
  }

  private static double watts(JobOutcome.Span span) {
    return span.limit().map(Watts::value).orElse(0.0);
  }

  private static double hours(Instant start, Instant at) {
    return Duration.between(start, at).toMillis() / 3.6e6;
  }

  private static XYStepRenderer grid() {
    XYStepRenderer line = new XYStepRenderer();
    line.setSeriesPaint(0, ChartStyle.GREY);
    line.setSeriesStroke(0, ChartStyle.solid());
    return line;
  }

  private static XYStepRenderer limits(List<PolicyResult> results) {
    XYStepRenderer lines = new XYStepRenderer();
    lines.setLegendItemLabelGenerator(ChartStyle.legendNames(results));
    for (int i = 0; i < results.size(); i++) {
      lines.setSeriesPaint(i, ChartStyle.colour(i));
      lines.setSeriesStroke(i, ChartStyle.line(i, results.size()));
    }
    return lines;
  }
}
