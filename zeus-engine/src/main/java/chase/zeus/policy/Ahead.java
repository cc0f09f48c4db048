package chase.zeus.policy;

import chase.zeus.policy.EnergyOutlook.Slot;
import chase.zeus.policy.FiniteJobPlan.WeightedPeriod;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * The part of an outlook that lies ahead.
 *
 * @param periods what is foreseen, from now on without gaps; at least one
 * @param seconds how long they are together
 */
record Ahead(List<WeightedPeriod> periods, double seconds) {
  /** Shorter pieces are rounding, and would only make prices of nothing. */
  private static final double SHORTEST = 1e-6;

  /**
   * The next {@code seconds} of {@code outlook}, or what it foresees of them. A weight holds until
   * the next slot begins. An outlook that has run out is taken to go on with its last weight.
   */
  static Ahead of(EnergyOutlook outlook, Instant now, double seconds) {
    List<WeightedPeriod> pieces = new ArrayList<>(outlook.slots().size());
    double covered = 0;
    for (int i = 0; i < outlook.slots().size() && seconds - covered > SHORTEST; i++) {
      double end = Math.min(seconds, JobProgress.seconds(now, end(outlook.slots(), i)));
      if (end - covered > SHORTEST) {
        pieces.add(new WeightedPeriod(end - covered, outlook.slots().get(i).weight()));
        covered = end;
      }
    }
    if (pieces.isEmpty()) {
      pieces.add(new WeightedPeriod(seconds, outlook.weightAt(now)));
      covered = seconds;
    }
    return new Ahead(List.copyOf(pieces), covered);
  }

  private static Instant end(List<Slot> slots, int i) {
    return i + 1 < slots.size() ? slots.get(i + 1).from() : slots.get(i).to();
  }

  /** The first {@code count} pieces, all with the levels of {@code curve}. */
  List<Stretch> slots(int count, OperatingCurve curve) {
    return periods.subList(0, count).stream()
        .map(piece -> new Stretch(piece.seconds(), piece.weight(), curve))
        .toList();
  }
}
