package chase.daemon.grid;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.TreeSet;

/**
 * One signal, now and ahead, as it goes into what a joule weighs.
 *
 * @param periods at least one, in ascending order, none overlapping; values in the signal's own
 *     unit, which may be negative for a price
 * @param reference the value that counts as much, in the same unit, above zero
 */
public record Strand(List<Period> periods, double reference) {
  /**
   * A period of one value.
   *
   * @param from its start
   * @param to its end, excluded
   * @param value finite
   */
  public record Period(Instant from, Instant to, double value) {}

  /** Refuses no periods and a reference that is not above zero and finite. */
  public Strand {
    periods = List.copyOf(periods);
    if (periods.isEmpty()) {
      throw new IllegalArgumentException("a signal needs at least one period");
    }
    if (!(reference > 0) || Double.isInfinite(reference)) {
      throw new IllegalArgumentException("reference must be finite and > 0: " + reference);
    }
  }

  /**
   * The reference of a signal whose highest value is {@code highest}. One that was never above zero
   * counts for nothing, whatever it is compared with.
   */
  public static double reference(double highest) {
    return highest > 0 ? highest : 1;
  }

  Instant from() {
    return periods.getFirst().from();
  }

  Instant to() {
    return periods.getLast().to();
  }

  /** Where the value may change. */
  TreeSet<Instant> edges() {
    TreeSet<Instant> edges = new TreeSet<>();
    for (Period period : periods) {
      edges.add(period.from());
      edges.add(period.to());
    }
    return edges;
  }

  /** The share of the reference at {@code at}: in the period around it, or in the nearest one. */
  double shareAt(Instant at) {
    return periods.get(nearest(at)).value() / reference;
  }

  private int nearest(Instant at) {
    int begun = lastStartedBy(at);
    if (begun < 0) {
      return 0;
    }
    Instant end = periods.get(begun).to();
    if (begun == periods.size() - 1 || at.isBefore(end)) {
      return begun;
    }
    Duration gone = Duration.between(end, at);
    Duration left = Duration.between(at, periods.get(begun + 1).from());
    return gone.compareTo(left) < 0 ? begun : begun + 1;
  }

  /** The last period that begins at or before {@code at}; -1 before the first. */
  private int lastStartedBy(Instant at) {
    int low = 0;
    int high = periods.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (periods.get(middle).from().isAfter(at)) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low - 1;
  }
}
