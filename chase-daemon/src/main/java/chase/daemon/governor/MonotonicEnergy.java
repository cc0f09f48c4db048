package chase.daemon.governor;

import chase.zeus.energy.MeteredEnergy;
import chase.zeus.unit.Joules;

/**
 * A GPU's energy counter as it is returned to clients. It begins with what the counter shows, never
 * goes back, and grows by what the GPU can have used, whatever the counter does.
 *
 * @param start what the counter showed when Chase began to count
 * @param joules the last value returned
 */
record MonotonicEnergy(Joules start, Joules joules) {
  /** The first value, when the GPU has used {@code used} since Chase began to count. */
  static MonotonicEnergy first(MeteredEnergy metered, Joules used) {
    Joules start =
        metered
            .counter()
            .map(known -> new Joules(Math.max(0, known.shown().value() - metered.joules().value())))
            .orElse(Joules.ZERO);
    return new MonotonicEnergy(start, start.plus(used));
  }

  /** The next value. */
  MonotonicEnergy next(Joules used) {
    Joules now = start.plus(used);
    return now.compareTo(joules) > 0 ? new MonotonicEnergy(start, now) : this;
  }
}
