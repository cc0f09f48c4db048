package chase.zeus.policy;

import chase.zeus.policy.EnergyOutlook.Slot;
import chase.zeus.policy.EnergyPlan.PlanSlot;
import chase.zeus.policy.FiniteJobPlan.WeightedPeriod;
import chase.zeus.profile.PowerHull;
import chase.zeus.profile.PowerProfile;
import chase.zeus.unit.Watts;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The optimal schedule of a job when all weights are known in advance.
 *
 * @param segments what it does from its start to its end, without gaps
 */
public record OptimalSchedule(List<Segment> segments) {
  private static final double SHORTEST_SECONDS = 1e-6;

  /** Copies the list. */
  public OptimalSchedule {
    segments = List.copyOf(segments);
  }

  /**
   * A period at one limit.
   *
   * @param from its start
   * @param to its end, excluded
   * @param limit the power limit; empty for a pause
   */
  public record Segment(Instant from, Instant to, Optional<Watts> limit) {}

  /**
   * The schedule with the least weighted energy of all that do {@code work} within {@code window}:
   * the exact optimum with perfect knowledge of all weights.
   *
   * @param window consecutive slots without gaps: the time that the job has
   * @param profile what the job draws and achieves; its highest limit is full power
   * @param idle what the job draws while it pauses; empty when it may not pause
   * @param work seconds at full power, above zero
   * @return empty when the job cannot be done in time
   */
  public static Optional<OptimalSchedule> cheapest(
      List<Slot> window, PowerProfile profile, Optional<Watts> idle, double work) {
    OperatingCurve curve = OperatingCurve.of(PowerHull.of(profile), profile.fullThroughput());
    List<WeightedPeriod> periods =
        window.stream()
            .map(slot ->
                new WeightedPeriod(JobProgress.seconds(slot.from(), slot.to()), slot.weight()))
            .toList();
    return FiniteJobPlan.of(periods, curve, idle, work)
        .map(plan -> of(plan, window.getFirst().from()));
  }

  private static OptimalSchedule of(EnergyPlan plan, Instant start) {
    int last = plan.slots().size() - 1;
    while (last > 0 && plan.work(last) == 0) {
      last--;
    }
    List<Segment> segments = new ArrayList<>();
    Instant at = start;
    for (int i = 0; i <= last; i++) {
      PlanSlot slot = plan.slots().get(i);
      for (Part part : parts(slot, plan.work(i), lastLimit(segments), i == last)) {
        Instant end = at.plus(Duration.ofNanos(Math.round(part.seconds() * 1e9)));
        segments.add(new Segment(at, end, part.limit()));
        at = end;
      }
    }
    if (segments.getLast().limit().isEmpty()) {
      segments.removeLast();
    }
    return new OptimalSchedule(segments);
  }

  private static Optional<Watts> lastLimit(List<Segment> segments) {
    return segments.isEmpty() ? Optional.empty() : segments.getLast().limit();
  }

  private record Part(double seconds, Optional<Watts> limit) {}

  /** The two levels around the mean rate; the one in use comes first, the end of the job last. */
  private static List<Part> parts(
      PlanSlot slot, double work, Optional<Watts> before, boolean isLast) {
    OperatingCurve curve = slot.curve();
    int level = curve.levelBelow(work / slot.seconds());
    if (level + 1 == curve.levels()) {
      return List.of(new Part(slot.seconds(), curve.limit(level)));
    }
    double fast = (work - slot.workAt(level)) / (curve.rate(level + 1) - curve.rate(level));
    Part slower = new Part(slot.seconds() - fast, curve.limit(level));
    Part faster = new Part(fast, curve.limit(level + 1));
    boolean slowerFirst = before.equals(slower.limit()) && !(isLast && slower.limit().isEmpty());
    return (slowerFirst ? List.of(slower, faster) : List.of(faster, slower))
        .stream().filter(part -> part.seconds() > SHORTEST_SECONDS).toList();
  }
}
