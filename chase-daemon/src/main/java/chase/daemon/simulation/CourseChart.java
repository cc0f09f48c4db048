package chase.daemon.simulation;

import chase.daemon.simulation.Chart.Axis;
import chase.daemon.simulation.Chart.Look;
import chase.daemon.simulation.Chart.Panel;
import chase.daemon.simulation.Chart.Place;
import chase.daemon.simulation.Chart.Series;
import chase.zeus.policy.EnergyOutlook.Slot;
import chase.zeus.replay.JobOutcome;
import chase.zeus.unit.Watts;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** The grid while the first job ran, and under it every policy's power limit. */
final class CourseChart {
  private static final int HEIGHT = 560;
  private static final int GRID_SHARE = 2;
  private static final int LIMITS_SHARE = 3;
  private static final double THICKEST = 7.5;

  private CourseChart() {}

  static Chart of(RecordedEnergy energy, List<PolicyResult> results) {
    List<JobOutcome> firsts = results.stream().map(result -> result.outcomes().getFirst()).toList();
    Instant start = firsts.getFirst().job().start();
    double seconds = firsts.stream().mapToDouble(JobOutcome::seconds).max().orElseThrow();
    Instant end = start.plusMillis((long) Math.ceil(seconds * 1000));
    List<Place> grid = grid(energy.weight().between(start, end), start);
    List<Series> limits = new ArrayList<>();
    for (int i = 0; i < results.size(); i++) {
      limits.add(
          new Series(
              results.get(i).summary().policy(),
              ChartColour.ofPolicy(i),
              new Look.Steps(width(i, results.size())),
              limits(firsts.get(i).spans(), start)));
    }
    return new Chart(
        List.of(
            new Panel(
                Axis.fromZero(energy.unit(), grid.stream().mapToDouble(Place::up)),
                List.of(new Series("the grid", ChartColour.GREY, new Look.Steps(2), grid)),
                GRID_SHARE),
            new Panel(
                // Limits lie far above zero, which is shown where a job paused.
                Axis.around(
                    "power limit, W (0: a pause)",
                    limits.stream().flatMap(each -> each.points().stream()).mapToDouble(Place::up)),
                limits,
                LIMITS_SHARE)),
        Axis.upTo("hours after " + start, hours(start, end)),
        HEIGHT);
  }

  /** Each line is thinner than the one below it, so that two on one place both show. */
  private static double width(int i, int count) {
    return THICKEST * (count - i) / Math.max(count, 5);
  }

  private static List<Place> grid(List<Slot> slots, Instant start) {
    List<Place> grid = new ArrayList<>();
    slots.forEach(slot -> step(grid, hours(start, slot.from()), slot.weight()));
    grid.add(new Place(hours(start, slots.getLast().to()), slots.getLast().weight()));
    return grid;
  }

  private static List<Place> limits(List<JobOutcome.Span> spans, Instant start) {
    List<Place> limits = new ArrayList<>();
    spans.forEach(span -> step(limits, hours(start, span.from()), watts(span)));
    limits.add(new Place(hours(start, spans.getLast().to()), watts(spans.getLast())));
    return limits;
  }

  /** A value that stays the same is one line. */
  private static void step(List<Place> steps, double hours, double value) {
    if (steps.isEmpty() || steps.getLast().up() != value) {
      steps.add(new Place(hours, value));
    }
  }

  private static double watts(JobOutcome.Span span) {
    return span.limit().map(Watts::value).orElse(0.0);
  }

  private static double hours(Instant start, Instant at) {
    return Duration.between(start, at).toMillis() / 3.6e6;
  }
}
