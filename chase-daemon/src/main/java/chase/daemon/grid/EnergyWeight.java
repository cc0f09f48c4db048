package chase.daemon.grid;

import chase.zeus.policy.EnergyOutlook.Slot;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What a joule weighs: {@code carbonWeight c/cref + priceWeight m/mref}. Where one signal counts
 * alone, its own unit is kept, so that a policy's constant may be in it; a blend has none. A signal
 * that is multiplied by a constant, its reference with it, changes no decision.
 *
 * <p>A weight is never below zero. Where the price is negative enough to outweigh the carbon,
 * energy counts as free. That already gives every job full power there; a weight below zero would
 * only add that energy ought to be wasted, and would reward a limit for what it draws.
 *
 * @param slots the weights, the running period first
 * @param reference the weight that counts as much: that of signals which are all at their reference
 */
public record EnergyWeight(List<Slot> slots, double reference) {
  /** Copies the list. */
  public EnergyWeight {
    slots = List.copyOf(slots);
  }

  /**
   * The blend of what is known. A signal that counts and is not known leaves the other alone; empty
   * when none is known that counts.
   */
  public static Optional<EnergyWeight> of(
      SignalWeights weights, Optional<Component> carbon, Optional<Component> price) {
    Optional<Component> c = carbon.filter(known -> weights.carbon() > 0);
    Optional<Component> m = price.filter(known -> weights.price() > 0);
    if (!weights.isBlended()) {
      return c.or(() -> m).map(EnergyWeight::alone);
    }
    if (c.isPresent() && m.isPresent()) {
      return Optional.of(both(weights, c.get(), m.get()));
    }
    return c.map(known -> part(known, weights.carbon()))
        .or(() -> m.map(known -> part(known, weights.price())));
  }

  private static EnergyWeight alone(Component component) {
    return scaled(component, 1, component.reference());
  }

  private static EnergyWeight part(Component component, double weight) {
    return scaled(component, weight / component.reference(), weight);
  }

  private static EnergyWeight scaled(Component component, double factor, double reference) {
    return new EnergyWeight(
        component.periods().stream()
            .map(period -> slot(period.from(), period.to(), factor * period.value()))
            .toList(),
        reference);
  }

  /** As far as both are known; where they do not meet, the nearest value of each. */
  private static EnergyWeight both(SignalWeights weights, Component carbon, Component price) {
    Instant from = later(carbon.from(), price.from());
    Instant meet = earlier(carbon.to(), price.to());
    Instant to = meet.isAfter(from) ? meet : later(carbon.to(), price.to());
    NavigableSet<Instant> edges = carbon.edges();
    edges.addAll(price.edges());
    List<Instant> cuts =
        Stream.concat(
                Stream.of(from, to),
                edges.stream().filter(at -> at.isAfter(from) && at.isBefore(to)))
            .sorted()
            .toList();
    List<Slot> slots =
        Stream.iterate(1, i -> i < cuts.size(), i -> i + 1)
            .map(i -> {
              Instant at = cuts.get(i - 1);
              double weight =
                  weights.carbon() * carbon.shareAt(at) + weights.price() * price.shareAt(at);
              return slot(at, cuts.get(i), weight);
            })
            .toList();
    return new EnergyWeight(slots, weights.carbon() + weights.price());
  }

  private static Slot slot(Instant from, Instant to, double weight) {
    return new Slot(from, to, Math.max(0, weight));
  }

  private static Instant later(Instant a, Instant b) {
    return a.isAfter(b) ? a : b;
  }

  private static Instant earlier(Instant a, Instant b) {
    return a.isBefore(b) ? a : b;
  }

  /**
   * One signal, now and ahead, as it goes into what a joule weighs.
   *
   * @param periods at least one, in ascending order, none overlapping; values in the signal's own
   *     unit, which may be negative for a price
   * @param reference the value that counts as much, in the same unit, above zero
   */
  public record Component(List<Period> periods, double reference) {
    /**
     * A period of one value.
     *
     * @param from its start
     * @param to its end, excluded
     * @param value finite
     */
    public record Period(Instant from, Instant to, double value) {}

    /** Refuses no periods and a reference that is not above zero and finite. */
    public Component {
      periods = List.copyOf(periods);
      if (periods.isEmpty()) {
        throw new IllegalArgumentException("a signal needs at least one period");
      }
      if (!(reference > 0) || Double.isInfinite(reference)) {
        throw new IllegalArgumentException("reference must be finite and > 0: " + reference);
      }
    }

    /**
     * The reference of a signal whose highest value is {@code highest}. One that was never above
     * zero counts for nothing, whatever it is compared with.
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
}
