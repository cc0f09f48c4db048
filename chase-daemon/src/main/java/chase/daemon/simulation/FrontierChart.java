package chase.daemon.simulation;

import chase.daemon.simulation.Chart.Axis;
import chase.daemon.simulation.Chart.Look;
import chase.daemon.simulation.Chart.Panel;
import chase.daemon.simulation.Chart.Place;
import chase.daemon.simulation.Chart.Series;
import chase.daemon.simulation.Simulation.FrontierPoint;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * The share of carbon, or of weighted energy, that each policy saves over the time that it takes
 * for it, between what the optimum and what a mix that ignores the grid would save.
 */
final class FrontierChart {
  private static final int HEIGHT = 420;

  private FrontierChart() {}

  static Chart of(String aim, List<PolicyResult> results, List<FrontierPoint> frontier) {
    List<Series> series = new ArrayList<>();
    series.add(curve("the exact optimum", false, frontier, FrontierPoint::optimum));
    series.add(
        curve("a mix of two limits, blind to the grid", true, frontier, FrontierPoint::blind));
    for (int i = 0; i < results.size(); i++) {
      PolicyResult.Summary summary = results.get(i).summary();
      Place point = new Place(100 * summary.slowdown(), 100 * summary.weightSaving());
      Look mark = new Look.Mark(i);
      series.add(new Series(summary.policy(), ChartColour.ofPolicy(i), mark, List.of(point)));
    }
    List<Place> points = series.stream().flatMap(each -> each.points().stream()).toList();
    // With some room below zero, so that the mark of full power is not cut.
    Axis up = Axis.roomy(aim + " saved, %", points.stream().mapToDouble(Place::up));
    Axis across = Axis.roomy("slowdown, %", points.stream().mapToDouble(Place::across));
    return new Chart(List.of(new Panel(up, series, 1)), across, HEIGHT);
  }

  private static Series curve(
      String name,
      boolean dashed,
      List<FrontierPoint> frontier,
      ToDoubleFunction<FrontierPoint> saving) {
    List<Place> points =
        frontier.stream()
            .map(place -> new Place(100 * place.slowdown(), 100 * saving.applyAsDouble(place)))
            .toList();
    return new Series(name, ChartColour.GREY, new Look.Line(dashed), points);
  }
}
