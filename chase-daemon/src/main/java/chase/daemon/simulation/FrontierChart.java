package chase.daemon.simulation;

import chase.daemon.simulation.Simulation.Place;
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

  static JFreeChart of(String aim, List<Result> results, List<Place> frontier) {
    XYPlot plot =
        new XYPlot(curves(frontier), axis("slowdown, %"), axis(aim + " saved, %"), lines());
    plot.setDataset(1, points(results));
    plot.setRenderer(1, marks(results));
    plot.setDatasetRenderingOrder(DatasetRenderingOrder.FORWARD);
    Look.ground(plot);
    return Look.chart(plot);
  }

  /** With some room below zero, so that the mark of full power is seen whole. */
  private static NumberAxis axis(String meaning) {
    NumberAxis axis = Look.axis(meaning);
    axis.setAutoRangeStickyZero(false);
    return axis;
  }

  private static XYSeriesCollection curves(List<Place> frontier) {
    XYSeriesCollection curves = new XYSeriesCollection();
    curves.addSeries(curve("the exact optimum", frontier, Place::optimum));
    curves.addSeries(curve("a mix of two limits, blind to the grid", frontier, Place::blind));
    return curves;
  }

  private static XYSeries curve(String name, List<Place> frontier, ToDoubleFunction<Place> saving) {
    XYSeries curve = new XYSeries(name);
    frontier.forEach(place -> curve.add(100 * place.slowdown(), 100 * saving.applyAsDouble(place)));
    return curve;
  }

  private static XYLineAndShapeRenderer lines() {
    XYLineAndShapeRenderer lines = new XYLineAndShapeRenderer(true, false);
    lines.setSeriesStroke(0, Look.solid());
    lines.setSeriesStroke(1, Look.dashed());
    lines.setDefaultPaint(Look.GREY);
    lines.setAutoPopulateSeriesPaint(false);
    return lines;
  }

  /** Numbered, because a user may name one policy twice. */
  private static XYSeriesCollection points(List<Result> results) {
    XYSeriesCollection points = new XYSeriesCollection();
    for (Result result : results) {
      Summary summary = result.summary();
      XYSeries point = new XYSeries(points.getSeriesCount());
      point.add(100 * summary.slowdown(), 100 * summary.weightSaving());
      points.addSeries(point);
    }
    return points;
  }

  private static XYLineAndShapeRenderer marks(List<Result> results) {
    XYLineAndShapeRenderer marks = new XYLineAndShapeRenderer(false, true);
    marks.setDefaultShapesFilled(false);
    marks.setLegendItemLabelGenerator(Look.names(results));
    for (int i = 0; i < results.size(); i++) {
      marks.setSeriesPaint(i, Look.colour(i));
      marks.setSeriesShape(i, Look.mark(i));
      marks.setSeriesStroke(i, Look.solid());
      marks.setSeriesOutlineStroke(i, Look.solid());
    }
    return marks;
  }
}
