package chase.daemon.governor;

import chase.zeus.energy.MeteredEnergy;
import chase.zeus.unit.Joules;

/**
 * What Zeus's clients were told of a card's energy counter. It begins with what the counter shows,
 * never goes back, and grows by what the card can have used, whatever the counter does.
 *
 * @param start what the counter showed when Chase began to count
 * @param joules the last answer
 */
public record MonotonicEnergy(Joules start, Joules joules) {
  /** The first answer, when the card has used {@code used} since Chase began to count. */
  public static MonotonicEnergy first(MeteredEnergy metered, Joules used) {
    Joules start =
        metered
            .counter()
            .map(known -> new Joules(Math.max(0, known.shown().value() - metered.joules().value())))
            .orElse(Joules.ZERO);
    return new MonotonicEnergy(start, start.plus(used));
  }

  /** The next one. */
  public MonotonicEnergy next(Joules used) {
    Joules now = start.plus(used);
    return now.compareTo(joules) > 0 ? new MonotonicEnergy(start, now) : this;
  }
}
