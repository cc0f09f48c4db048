package chase.daemon.simulation;

import chase.zeus.policy.EnergyOutlook.Slot;
import chase.zeus.replay.Outcome;
import chase.zeus.replay.Recording;
import chase.zeus.replay.Span;
import chase.zeus.unit.Watts;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** The grid while the first job ran, and under it every policy's power limit. */
final class CourseChart {
  private static final int HEIGHT = 220;

  private CourseChart() {}

  static String svg(Recording recording, List<Result> results) {
    List<Outcome> firsts = SimulationPage.firsts(results);
    Instant start = firsts.getFirst().job().start();
    double hours = firsts.stream().mapToDouble(Outcome::seconds).max().orElseThrow() / 3600;
    Instant end = start.plusMillis((long) (hours * 3.6e6));
    return grid(recording.between(start, end), start, hours) + limits(results, start, hours);
  }

  private static String grid(List<Slot> slots, Instant start, double hours) {
    double high = slots.stream().mapToDouble(Slot::weight).max().orElseThrow();
    Axes axes = new Axes(HEIGHT, 0, hours, 0, high > 0 ? 1.1 * high : 1);
    StringBuilder path = new StringBuilder();
    for (Slot slot : slots) {
      step(path, axes, start, slot.from(), slot.to(), slot.weight());
    }
    return axes.svg(
        axes.rules("gCO2/kWh") + axes.feet("hours", 1) + line(path, "#8c959f", "the grid"));
  }

  private static String limits(List<Result> results, Instant start, double hours) {
    double high =
        SimulationPage.firsts(results).stream()
            .flatMap(outcome -> outcome.spans().stream())
            .flatMap(span -> span.limit().stream())
            .mapToDouble(Watts::value)
            .max()
            .orElseThrow();
    Axes axes = new Axes(HEIGHT, 0, hours, 0, 1.1 * high);
    StringBuilder content = new StringBuilder(axes.rules("power limit, W; 0 is a pause"));
    content.append(axes.feet("hours", 1));
    for (int i = 0; i < results.size(); i++) {
      StringBuilder path = new StringBuilder();
      for (Span span : results.get(i).outcomes().getFirst().spans()) {
        double limit = span.limit().map(Watts::value).orElse(0.0);
        step(path, axes, start, span.from(), span.to(), limit);
      }
      String policy = results.get(i).summary().policy();
      content.append(line(path, Axes.colour(i), policy));
      content.append(
          "<text x=\"%d\" y=\"12\" style=\"fill:%s\">%s</text>"
              .formatted(260 + 130 * i, Axes.colour(i), SimulationPage.text(policy)));
    }
    return axes.svg(content.toString());
  }

  private static void step(
      StringBuilder path, Axes axes, Instant start, Instant from, Instant to, double value) {
    String y = Axes.place(axes.y(value));
    path.append(path.isEmpty() ? "M" : "L").append(x(axes, start, from)).append(' ').append(y);
    path.append('L').append(x(axes, start, to)).append(' ').append(y);
  }

  private static String x(Axes axes, Instant start, Instant at) {
    return Axes.place(axes.x(Duration.between(start, at).toMillis() / 3.6e6));
  }

  private static String line(StringBuilder path, String colour, String name) {
    return "<path d=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"2\"><title>%s</title></path>"
        .formatted(path, colour, SimulationPage.text(name));
  }
}
