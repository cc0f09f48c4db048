package chase.daemon.simulation;

import chase.daemon.simulation.Simulation.FrontierPoint;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.plot.DatasetRenderingOrder;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.xy.XYLineAndShapeRenderer;
import org.jfree.data.xy.XYSeries;
import org.jfree.data.xy.XYSeriesCollection;

/**
 * The share of carbon, or of weighted energy, that each policy saves over the time that it takes
 * for it, between what the optimum and what a mix that ignores the grid would save.
 */
final class FrontierChart {
  private FrontierChart() {}

  static JFreeChart of(String aim, List<PolicyResult> results, List<FrontierPoint> frontier) {
    XYPlot plot =
        new XYPlot(curves(frontier), axis("slowdown, %"), axis(aim + " saved, %"), lines());
    plot.setDataset(1, points(results));
    plot.setRenderer(1, marks(results));
    plot.setDatasetRenderingOrder(DatasetRenderingOrder.FORWARD);
    ChartStyle.styleBackground(plot);
    return ChartStyle.chart(plot);
  }

  /** With some room below zero, so that the mark of full power is not cut. */
  private static NumberAxis axis(String meaning) {
    NumberAxis axis = ChartStyle.axis(meaning);
    axis.setAutoRangeStickyZero(false);
    return axis;
  }

  private static XYSeriesCollection curves(List<FrontierPoint> frontier) {
    XYSeriesCollection curves = new XYSeriesCollection();
    curves.addSeries(curve("the exact optimum", frontier, FrontierPoint::optimum));
    curves.addSeries(
        curve("a mix of two limits, blind to the grid", frontier, FrontierPoint::blind));
    return curves;
  }

  private static XYSeries curve(
      String name, List<FrontierPoint> frontier, ToDoubleFunction<FrontierPoint> saving) {
    XYSeries curve = new XYSeries(name);
    frontier.forEach(place -> curve.add(100 * place.slowdown(), 100 * saving.applyAsDouble(place)));
    return curve;
  }

  private static XYLineAndShapeRenderer lines() {
    XYLineAndShapeRenderer lines = new XYLineAndShapeRenderer(true, false);
    lines.setSeriesStroke(0, ChartStyle.solid());
    lines.setSeriesStroke(1, ChartStyle.dashed());
    lines.setDefaultPaint(ChartStyle.GREY);
    lines.setAutoPopulateSeriesPaint(false);
    return lines;
  }

  /** Numbered, because a user may name one policy twice. */
  private static XYSeriesCollection points(List<PolicyResult> results) {
    XYSeriesCollection points = new XYSeriesCollection();
    for (PolicyResult result : results) {
      PolicyResult.Summary summary = result.summary();
      XYSeries point = new XYSeries(points.getSeriesCount());
      point.add(100 * summary.slowdown(), 100 * summary.weightSaving());
      points.addSeries(point);
    }
    return points;
  }

  private static XYLineAndShapeRenderer marks(List<PolicyResult> results) {
    XYLineAndShapeRenderer marks = new XYLineAndShapeRenderer(false, true);
    marks.setDefaultShapesFilled(false);
    marks.setLegendItemLabelGenerator(ChartStyle.legendNames(results));
    for (int i = 0; i < results.size(); i++) {
      marks.setSeriesPaint(i, ChartStyle.colour(i));
      marks.setSeriesShape(i, ChartStyle.mark(i));
      marks.setSeriesStroke(i, ChartStyle.solid());
      marks.setSeriesOutlineStroke(i, ChartStyle.solid());
    }
    return marks;
  }
}
