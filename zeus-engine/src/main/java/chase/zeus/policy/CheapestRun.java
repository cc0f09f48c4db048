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
final class CheapestRun {
  private CheapestRun() {}

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
  static Optional<CheapestFill> of(
      List<Weighted> window, Curve curve, OptionalDouble idleWatts, double work) {
    Curve alive = idleWatts.isPresent() ? curve.withRest(idleWatts.getAsDouble()) : curve;
    Curve last = curve.withRest(0);
    int earliest = earliestEnd(window, curve, work);
    Optional<CheapestFill> relaxed =
        CheapestFill.of(stretches(window, window.size(), earliest, alive, last), work);
    boolean restIsFree = idleWatts.isPresent() && idleWatts.getAsDouble() == 0;
    if (relaxed.isEmpty() || restIsFree || endsOnce(relaxed.get(), earliest)) {
      return relaxed;
    }
    return IntStream.range(earliest, window.size())
        .mapToObj(end -> CheapestFill.of(stretches(window, end + 1, end, alive, last), work))
        .flatMap(Optional::stream)
        .min(Comparator.comparingDouble(CheapestFill::cost));
  }

  /** A piece of time and what a joule weighs in it. */
  record Weighted(double seconds, double weight) {}

  /** The stretch in which the job would be done at full speed, or the last one. */
  private static int earliestEnd(List<Weighted> window, Curve curve, double work) {
    double open = work;
    for (int i = 0; i < window.size(); i++) {
      open -= window.get(i).seconds() * curve.fastest();
      if (open <= 0) {
        return i;
      }
    }
    return window.size() - 1;
  }

  private static List<Stretch> stretches(
      List<Weighted> window, int count, int firstLast, Curve alive, Curve last) {
    List<Stretch> stretches = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      Weighted piece = window.get(i);
      stretches.add(new Stretch(piece.seconds(), piece.weight(), i < firstLast ? alive : last));
    }
    return stretches;
  }

  /**
   * Whether a fill that could end in any stretch from {@code earliest} on does end and stay ended.
   * It is then the optimum, since it had more to choose from than any job has.
   */
  private static boolean endsOnce(CheapestFill fill, int earliest) {
    boolean ended = false;
    for (int i = earliest; i < fill.stretches().size(); i++) {
      Stretch stretch = fill.stretches().get(i);
      double rounding = stretch.most() * 1e-9;
      if (ended && fill.work(i) > rounding) {
        return false;
      }
      ended |= fill.work(i) < stretch.workAt(1) - rounding;
    }
    return true;
  }
}
