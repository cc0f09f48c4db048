package chase.zeus.policy;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/**
 * The cheapest way to bring a job to its end within a window. A job that may not rest runs until it
 * is done and may be done early, in the last stretch or before it; nothing is drawn afterwards.
 */
final class FiniteJobPlan {
  private FiniteJobPlan() {}

  /**
   * The cheapest run.
   *
   * @param window the time that is left
   * @param curve the levels that the job runs at
   * @param idleWatts what it draws while it rests; empty when it may not rest
   * @param work what is left to do, in seconds at full power, above zero
   * @return the stretches up to the one in which the job is done; empty when the fastest level
   *     cannot do the work in time
   */
  static Optional<EnergyPlan> of(
      List<WeightedPeriod> window, OperatingCurve curve, OptionalDouble idleWatts, double work) {
    OperatingCurve alive = idleWatts.isPresent() ? curve.withPause(idleWatts.getAsDouble()) : curve;
    OperatingCurve last = curve.withPause(0);
    int earliest = earliestEnd(window, curve, work);
    Optional<EnergyPlan> relaxed =
        EnergyPlan.of(stretches(window, window.size(), earliest, alive, last), work);
    boolean restIsFree = idleWatts.isPresent() && idleWatts.getAsDouble() == 0;
    if (relaxed.isEmpty() || restIsFree || endsOnce(relaxed.get(), earliest)) {
      return relaxed;
    }
    return IntStream.range(earliest, window.size())
        .mapToObj(end -> EnergyPlan.of(stretches(window, end + 1, end, alive, last), work))
        .flatMap(Optional::stream)
        .min(Comparator.comparingDouble(EnergyPlan::cost));
  }

  /** A piece of time and what a joule weighs in it. */
  record WeightedPeriod(double seconds, double weight) {}

  /** The stretch in which the job would be done at full speed, or the last one. */
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

  private static List<EnergyPlan.PlanSlot> stretches(
      List<WeightedPeriod> window,
      int count,
      int firstLast,
      OperatingCurve alive,
      OperatingCurve last) {
    List<EnergyPlan.PlanSlot> stretches = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      WeightedPeriod piece = window.get(i);
      stretches.add(
          new EnergyPlan.PlanSlot(piece.seconds(), piece.weight(), i < firstLast ? alive : last));
    }
    return stretches;
  }

  /**
   * Whether a fill that could end in any stretch from {@code earliest} on does end and stay ended.
   * It is then the optimum, since it had more to choose from than any job has.
   */
  private static boolean endsOnce(EnergyPlan fill, int earliest) {
    boolean ended = false;
    for (int i = earliest; i < fill.slots().size(); i++) {
      EnergyPlan.PlanSlot stretch = fill.slots().get(i);
      double rounding = stretch.maxWork() * 1e-9;
      if (ended && fill.work(i) > rounding) {
        return false;
      }
      ended |= fill.work(i) < stretch.workAt(1) - rounding;
    }
    return true;
  }
}
