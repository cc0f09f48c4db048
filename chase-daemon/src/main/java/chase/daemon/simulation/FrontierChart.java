package chase.daemon.simulation;

import java.util.List;
import java.util.stream.DoubleStream;

/** The share of carbon that each policy saves over the time that it takes for it. */
final class FrontierChart {
  private static final int HEIGHT = 360;
  private static final double LEAST_RANGE = 1;

  private FrontierChart() {}

  static String svg(List<Result> results) {
    double right = results.stream().mapToDouble(r -> 100 * r.summary().slowdown()).max().orElse(0);
    DoubleStream savings =
        results.stream()
            .flatMapToDouble(r ->
                DoubleStream.concat(
                    DoubleStream.of(r.summary().carbonSaving()),
                    r.beside().stream().mapToDouble(b -> b.optimum())));
    List<Double> saved = savings.map(s -> 100 * s).boxed().toList();
    double high = saved.stream().mapToDouble(s -> s).max().orElse(0);
    double low = saved.stream().mapToDouble(s -> s).min().orElse(0);
    Axes axes =
        new Axes(
            HEIGHT,
            0,
            Math.max(LEAST_RANGE, 1.15 * right),
            Math.min(0, low),
            Math.max(LEAST_RANGE, 1.1 * high));
    StringBuilder content = new StringBuilder(axes.rules("carbon saved, %"));
    content.append(axes.feet("slowdown, %", 1));
    for (int i = 0; i < results.size(); i++) {
      content.append(policy(axes, results.get(i), Axes.colour(i)));
    }
    return axes.svg(content.toString());
  }

  private static String policy(Axes axes, Result result, String colour) {
    Summary summary = result.summary();
    double x = axes.x(100 * summary.slowdown());
    double y = axes.y(100 * summary.carbonSaving());
    String point =
        "<circle cx=\"%s\" cy=\"%s\" r=\"5\" fill=\"%s\"/>"
            .formatted(Axes.place(x), Axes.place(y), colour);
    return range(axes, result, x, colour)
        + point
        + Axes.label(x + 9, y + 4, "start", summary.policy());
  }

  /** From the blind mix to the optimum: what following the grid can bring at this slowdown. */
  private static String range(Axes axes, Result result, double x, String colour) {
    return result
        .beside()
        .map(beside ->
            "<line x1=\"%s\" x2=\"%s\" y1=\"%s\" y2=\"%s\" stroke=\"%s\" stroke-width=\"2\"><title>blind mix to optimum</title></line>"
                .formatted(
                    Axes.place(x),
                    Axes.place(x),
                    Axes.place(axes.y(100 * beside.blind())),
                    Axes.place(axes.y(100 * beside.optimum())),
                    colour))
        .orElse("");
  }
}
