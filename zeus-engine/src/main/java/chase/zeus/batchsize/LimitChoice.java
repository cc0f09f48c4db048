package chase.zeus.batchsize;

import chase.zeus.unit.Watts;
import java.util.List;
import java.util.Optional;

/**
 * Which limits a run measures. Neighbouring batch sizes have similar profiles, so a first run looks
 * around the best limit of the nearest one only; a batch size that is tried again is a candidate,
 * and the rest is measured as well.
 */
final class LimitChoice {
  private LimitChoice() {}

  static LimitPlan of(Study study, int batchSize) {
    List<Watts> all = study.spec().limits();
    if (all.isEmpty()) {
      return new LimitPlan.Free();
    }
    Optional<Watts> best = study.bestLimit(batchSize);
    if (best.isEmpty()) {
      return new LimitPlan.Measure(
          nearest(study, batchSize).map(limit -> around(all, limit)).orElse(all));
    }
    List<Watts> measured =
        study.profile(batchSize).orElseThrow().points().stream().map(p -> p.limit()).toList();
    List<Watts> rest = all.stream().filter(limit -> !measured.contains(limit)).toList();
    return rest.isEmpty() ? new LimitPlan.Fixed(best.get()) : new LimitPlan.Measure(rest);
  }

  /** The best limit of the nearest batch size that has a profile. */
  private static Optional<Watts> nearest(Study study, int batchSize) {
    Optional<Watts> nearest = Optional.empty();
    double least = Double.POSITIVE_INFINITY;
    for (int other : study.spec().batchSizes()) {
      double distance = Math.abs(Math.log((double) other / batchSize));
      Optional<Watts> best = study.bestLimit(other);
      if (best.isPresent() && distance < least) {
        least = distance;
        nearest = best;
      }
    }
    return nearest;
  }

  private static List<Watts> around(List<Watts> all, Watts limit) {
    int index = all.indexOf(limit);
    return index < 0 ? all : all.subList(Math.max(0, index - 1), Math.min(all.size(), index + 2));
  }
}
