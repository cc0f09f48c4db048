package chase.zeus.policy;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * What a joule weighs now and in the forecast. The weight's unit is the caller's (gCO2/kWh, money,
 * a blend); the engine only compares weights with each other and with the reference.
 *
 * @param slots consecutive periods, the running one first
 * @param reference the weight that counts as dirty, in the slots' unit: by default the highest of
 *     the trailing days; above zero
 * @param trustedUntil when this outlook becomes too old to act on
 * @param unit the unit of the weight for people, such as gCO2/kWh; empty where it has none
 * @param speed how many seconds of the grid pass in one of the clock: 1, and more for a recording
 *     that is played faster, which makes policies act as much faster
 */
public record EnergyOutlook(
    List<Slot> slots, double reference, Instant trustedUntil, String unit, double speed) {
  /** An outlook in real time, without a unit. */
  public EnergyOutlook(List<Slot> slots, double reference, Instant trustedUntil) {
    this(slots, reference, trustedUntil, "", 1);
  }

  /** Refuses no slots, slots that overlap, a reference or a speed of zero or less. */
  public EnergyOutlook {
    slots = List.copyOf(slots);
    if (slots.isEmpty()) {
      throw new IllegalArgumentException("an outlook needs at least one slot");
    }
    for (int i = 1; i < slots.size(); i++) {
      if (slots.get(i).from().isBefore(slots.get(i - 1).to())) {
        throw new IllegalArgumentException("slots overlap at " + slots.get(i).from());
      }
    }
    if (!(reference > 0) || Double.isInfinite(reference)) {
      throw new IllegalArgumentException("reference must be finite and > 0: " + reference);
    }
    if (!(speed > 0) || Double.isInfinite(speed)) {
      throw new IllegalArgumentException("speed must be finite and > 0: " + speed);
    }
  }

  /**
   * A period of one weight.
   *
   * @param from its start
   * @param to its end, excluded
   * @param weight what a joule weighs, finite and not negative
   */
  public record Slot(Instant from, Instant to, double weight) {
    /** Refuses an empty period and a negative or non-finite weight. */
    public Slot {
      if (!from.isBefore(to)) {
        throw new IllegalArgumentException("empty slot: " + from + " to " + to);
      }
      if (!(weight >= 0) || Double.isInfinite(weight)) {
        throw new IllegalArgumentException("weight must be finite and >= 0: " + weight);
      }
    }

    /** How far {@code at} lies outside this slot; negative inside, zero at the excluded end. */
    private Duration distance(Instant at) {
      Duration before = Duration.between(at, from);
      Duration after = Duration.between(to, at);
      return before.compareTo(after) > 0 ? before : after;
    }
  }

  /** Whether the outlook may still be acted on at {@code at}. */
  public boolean trustedAt(Instant at) {
    return at.isBefore(trustedUntil);
  }

  /** The weight at {@code at}: that of the slot around it, or of the nearest slot. */
  public double weightAt(Instant at) {
    Slot nearest = slots.getFirst();
    for (Slot slot : slots) {
      if (slot.distance(at).compareTo(nearest.distance(at)) <= 0) {
        nearest = slot;
      }
    }
    return nearest.weight();
  }
}
