package chase.daemon.grid;

import chase.zeus.policy.EnergyOutlook.Slot;
import java.time.Instant;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
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
      SignalWeights weights, Optional<Strand> carbon, Optional<Strand> price) {
    Optional<Strand> c = carbon.filter(known -> weights.carbon() > 0);
    Optional<Strand> m = price.filter(known -> weights.price() > 0);
    if (!weights.isBlended()) {
      return c.or(() -> m).map(EnergyWeight::alone);
    }
    if (c.isPresent() && m.isPresent()) {
      return Optional.of(both(weights, c.get(), m.get()));
    }
    return c.map(known -> part(known, weights.carbon()))
        .or(() -> m.map(known -> part(known, weights.price())));
  }

  private static EnergyWeight alone(Strand strand) {
    return scaled(strand, 1, strand.reference());
  }

  private static EnergyWeight part(Strand strand, double weight) {
    return scaled(strand, weight / strand.reference(), weight);
  }

  private static EnergyWeight scaled(Strand strand, double factor, double reference) {
    return new EnergyWeight(
        strand.periods().stream()
            .map(period -> slot(period.from(), period.to(), factor * period.value()))
            .toList(),
        reference);
  }

  /** As far as both are known; where they do not meet, the nearest value of each. */
  private static EnergyWeight both(SignalWeights weights, Strand carbon, Strand price) {
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
}
