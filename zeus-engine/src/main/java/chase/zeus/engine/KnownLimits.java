package chase.zeus.engine;

import chase.zeus.gpu.GpuTraits;
import chase.zeus.gpu.PowerLimits;
import chase.zeus.gpu.PowerRange;
import chase.zeus.unit.Watts;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * What a card's limit is, whose it is, and which one goes back. Used by the engine's thread only.
 */
final class KnownLimits {
  private Optional<PowerLimits> shown;
  private Optional<Watts> original;

  /** The last order carried out, in case the driver rounds. */
  private Optional<Settled> settled = Optional.empty();

  /** Limits of orders that failed, but may have reached the card all the same. */
  private final Set<Long> doubtfulMilliwatts = new HashSet<>();

  /** What was asked of the card and what it made of it. */
  private record Settled(Watts asked, Watts got) {}

  KnownLimits(Optional<PowerLimits> found) {
    this.shown = found;
    this.original = found.map(PowerLimits::requested);
  }

  Optional<PowerLimits> shown() {
    return shown;
  }

  /** The limit found, or the last that somebody else set: the one to put back. */
  Optional<Watts> original() {
    return original;
  }

  Optional<Watts> current() {
    return shown.map(PowerLimits::requested);
  }

  /** The driver came back: a limit that is not ours any more is what was found now. */
  void foundAnew(Optional<PowerLimits> found) {
    boolean ours = found.isPresent() && shown.isPresent() && isOurs(found.get().requested());
    shown = found;
    original = ours ? original : current();
    doubtfulMilliwatts.clear();
  }

  /** Takes in what the card shows; false when that is neither known nor ours. */
  boolean show(PowerLimits seen) {
    if (shown.isPresent() && !isOurs(seen.requested())) {
      return false;
    }
    shown = Optional.of(seen);
    return true;
  }

  private boolean isOurs(Watts requested) {
    return isKnown(requested) || doubtfulMilliwatts.contains(requested.toMilliwatts());
  }

  private boolean isKnown(Watts requested) {
    return current().filter(requested::sameLimitAs).isPresent();
  }

  /** Whether the card has the limit {@code wish}, or what the driver makes of it. */
  boolean isAt(Watts wish) {
    return isKnown(wish)
        || settled.filter(s -> s.asked().sameLimitAs(wish) && isKnown(s.got())).isPresent();
  }

  /** Whether the card is at {@code wish} and nothing else, such as a ceiling, holds it lower. */
  boolean isUnder(Watts wish) {
    return isAt(wish)
        && shown
            .filter(now -> now.enforced().value() > now.requested().value() - Order.ROUNDING_WATTS)
            .isPresent();
  }

  /** Somebody else set the limit: theirs is the one to put back. */
  void adopt(PowerLimits theirs) {
    shown = Optional.of(theirs);
    original = current();
    settled = Optional.empty();
    doubtfulMilliwatts.clear();
  }

  /** Takes in what came of {@code order}; false when the card shows another writer's limit. */
  boolean settle(Optional<Order> order, PowerLimits readBack) {
    doubtfulMilliwatts.clear();
    Watts got = readBack.requested();
    if (order.filter(o -> !o.isMetBy(got)).isPresent()) {
      return false;
    }
    shown = Optional.of(readBack);
    settled = order.map(o -> new Settled(o.limit(), got));
    return true;
  }

  /** An order for {@code limit} failed, and nobody knows how far it came. */
  void doubt(Watts limit) {
    doubtfulMilliwatts.add(limit.toMilliwatts());
  }

  /** The limits that Chase may set; empty when it may set none. */
  Optional<PowerRange> allowed(GpuTraits traits, double floorRatio) {
    if (traits.unwritable().isPresent() || traits.powerRange().isEmpty() || original.isEmpty()) {
      return Optional.empty();
    }
    PowerRange range = traits.powerRange().get();
    Watts found = original.get();
    if (!range.contains(found)) {
      return Optional.empty();
    }
    // Rounded up to the driver's own step, so that the floor holds to the milliwatt.
    Watts floor = Watts.ofMilliwatts((long) Math.ceil(found.value() * floorRatio * 1000 - 1e-6));
    return Optional.of(new PowerRange(range.min().max(floor).min(found), found));
  }

  /** The limits that a lease may have: those allowed, and down to the card's own lowest. */
  static PowerRange leasable(GpuTraits traits, PowerRange allowed) {
    return new PowerRange(traits.powerRange().orElseThrow().min(), allowed.max());
  }

  /** Why {@link #allowed} is empty. */
  String whyNotAllowed(GpuTraits traits) {
    return traits
        .unwritable()
        .orElseGet(() ->
            original.isPresent() && traits.powerRange().isPresent()
                ? "the limit found, "
                    + original.get()
                    + ", lies outside the card's own range, "
                    + traits.powerRange().get()
                : "the card tells no power limit");
  }
}
