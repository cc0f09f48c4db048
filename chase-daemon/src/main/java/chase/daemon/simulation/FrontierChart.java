package chase.daemon.simulation;

import chase.daemon.simulation.Simulation.Place;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;

/**
 * The share of carbon that each policy saves over the time that it takes for it, between what the
 * optimum and what a mix that ignores the grid would save.
 */
final class FrontierChart {
  private static final int HEIGHT = 380;
  private static final double LEAST_RANGE = 1;
  private static final String GREY = "#8c959f";

  private FrontierChart() {}

  static String svg(List<Result> results, List<Place> frontier) {
    Axes axes = axes(results, frontier);
    StringBuilder content = new StringBuilder(axes.rules("carbon saved, %"));
    content.append(axes.feet("slowdown, %", 1));
    content.append(curve(axes, frontier, Place::optimum, "", "optimum"));
    content.append(curve(axes, frontier, Place::blind, "4 4", "mix of two limits, blind"));
    for (int i = 0; i < results.size(); i++) {
      content.append(policy(axes, results.get(i).summary(), Axes.colour(i)));
    }
    return axes.svg(content.toString())
        + "<p>The solid line is the exact optimum; the dashed one mixes two limits without a look at"
        + " the grid.</p>";
  }

  private static Axes axes(List<Result> results, List<Place> frontier) {
    double right = 100 * frontier.getLast().slowdown();
    double[] saved =
        DoubleStream.concat(
                results.stream().mapToDouble(r -> 100 * r.summary().carbonSaving()),
                frontier.stream().mapToDouble(place -> 100 * place.optimum()))
            .toArray();
    double high = DoubleStream.of(saved).reduce(LEAST_RANGE, Math::max);
    double low = DoubleStream.of(saved).reduce(0, Math::min);
    return new Axes(HEIGHT, 0, 1.15 * right, low, 1.1 * high);
  }

  private static String curve(
      Axes axes, List<Place> frontier, ToDoubleFunction<Place> saving, String dash, String name) {
    String points =
        frontier.stream()
            .map(place ->
                Axes.place(axes.x(100 * place.slowdown()))
                    + ","
                    + Axes.place(axes.y(100 * saving.applyAsDouble(place))))
            .collect(Collectors.joining(" "));
    return "<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-dasharray=\"%s\"><title>%s</title></polyline>"
        .formatted(points, GREY, dash, name);
  }

  private static String policy(Axes axes, Summary summary, String colour) {
    double x = axes.x(100 * summary.slowdown());
    double y = axes.y(100 * summary.carbonSaving());
    return "<circle cx=\"%s\" cy=\"%s\" r=\"5\" fill=\"%s\"/>"
            .formatted(Axes.place(x), Axes.place(y), colour)
        + Axes.label(x + 9, y + 14, "start", summary.policy());
  }
}
