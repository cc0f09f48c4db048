package chase.zeus.policy;

import chase.zeus.policy.EnergyPlan.PlanSlot;
import chase.zeus.unit.Watts;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The cheapest plan that completes a job within a window. A job that may not pause runs until it is
 * done and may be done early, in the last slot or before it; nothing is drawn afterwards.
 */
final class FiniteJobPlan {
  private FiniteJobPlan() {}

  /**
   * The cheapest plan.
   *
   * @param window the time that is left
   * @param curve the levels that the job runs at
   * @param idle what it draws while it pauses; empty when it may not pause
   * @param work what is left to do, in seconds at full power, above zero
   * @return the slots up to the one in which the job is done; empty when the fastest level cannot
   *     do the work in time
   */
  static Optional<EnergyPlan> of(
      List<WeightedPeriod> window, OperatingCurve curve, Optional<Watts> idle, double work) {
    OperatingCurve running = curve.withPause(idle);
    OperatingCurve ending = curve.withPause(Optional.of(Watts.ZERO));
    int earliest = earliestEnd(window, curve, work);
    Optional<EnergyPlan> relaxed =
        EnergyPlan.of(slots(window, window.size(), earliest, running, ending), work);
    boolean pauseIsFree = idle.filter(Watts.ZERO::equals).isPresent();
    if (relaxed.isEmpty() || pauseIsFree || endsOnce(relaxed.get(), earliest)) {
      return relaxed;
    }
    return IntStream.range(earliest, window.size())
        .mapToObj(end -> EnergyPlan.of(slots(window, end + 1, end, running, ending), work))
        .flatMap(Optional::stream)
        .min(Comparator.comparingDouble(EnergyPlan::cost));
  }

  /** A period and what a joule weighs in it. */
  record WeightedPeriod(double seconds, double weight) {}

  /** The slot in which the job would be done at full speed, or the last one. */
  private static int earliestEnd(List<WeightedPeriod> window, OperatingCurve curve, double work) {
    double open = work;
    for (int i = 0; i < window.size(); i++) {
      open -= window.get(i).seconds() * curve.fastest();
      if (open <= 0) {
        return i;
      }
    }
    return window.size() - 1;
  }

  private static List<PlanSlot> slots(
      List<WeightedPeriod> window,
      int count,
      int firstEnding,
      OperatingCurve running,
      OperatingCurve ending) {
    List<PlanSlot> slots = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      WeightedPeriod period = window.get(i);
      slots.add(
          new PlanSlot(period.seconds(), period.weight(), i < firstEnding ? running : ending));
    }
    return slots;
  }

  /**
   * Whether a plan that may end in any slot from {@code earliest} on does end and not start again.
   * It is then the optimum, because it had more choices than any job has.
   */
  private static boolean endsOnce(EnergyPlan plan, int earliest) {
    boolean ended = false;
    for (int i = earliest; i < plan.slots().size(); i++) {
      PlanSlot slot = plan.slots().get(i);
      double rounding = slot.maxWork() * 1e-9;
      if (ended && plan.work(i) > rounding) {
        return false;
      }
      ended |= plan.work(i) < slot.workAt(1) - rounding;
    }
    return true;
  }
}
