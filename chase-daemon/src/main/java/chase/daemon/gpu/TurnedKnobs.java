package chase.daemon.gpu;

import chase.zeus.gpu.GpuSettings;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * What a user turned on one GPU through Chase, and what to do about it when he is gone.
 *
 * @param model the product's name
 * @param locked the clocks to unlock; which ones were locked before no driver tells
 * @param originalPersistence the persistence mode to put back, empty when it was not turned
 * @param at when this was written
 */
public record TurnedKnobs(
    String model,
    Set<GpuSettings.ClockDomain> locked,
    Optional<Boolean> originalPersistence,
    Instant at) {
  /** Copies the set. */
  public TurnedKnobs {
    locked = Set.copyOf(locked);
  }

  static TurnedKnobs empty(String model, Instant at) {
    return new TurnedKnobs(model, Set.of(), Optional.empty(), at);
  }

  boolean isEmpty() {
    return locked.isEmpty() && originalPersistence.isEmpty();
  }

  TurnedKnobs withLocked(GpuSettings.ClockDomain domain, Instant now) {
    Set<GpuSettings.ClockDomain> more = EnumSet.of(domain);
    more.addAll(locked);
    return new TurnedKnobs(model, more, originalPersistence, now);
  }

  TurnedKnobs withoutLocked(GpuSettings.ClockDomain domain, Instant now) {
    Set<GpuSettings.ClockDomain> fewer = EnumSet.noneOf(GpuSettings.ClockDomain.class);
    fewer.addAll(locked);
    fewer.remove(domain);
    return new TurnedKnobs(model, fewer, originalPersistence, now);
  }

  /** The mode found first is the one to put back. */
  TurnedKnobs withPersistence(boolean found, Instant now) {
    return new TurnedKnobs(model, locked, originalPersistence.or(() -> Optional.of(found)), now);
  }
}
