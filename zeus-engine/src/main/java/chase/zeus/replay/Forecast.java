package chase.zeus.replay;

import chase.zeus.policy.EnergyOutlook;
import chase.zeus.policy.EnergyOutlook.Slot;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** What a policy is told of the future. The running slot's own weight is always known. */
public enum Forecast {
  /** What the recording will say. */
  PERFECT {
    @Override
    double weight(Recording recording, Instant at, Slot slot) {
      return slot.weight();
    }
  },
  /** The running slot's weight goes on. */
  PERSISTENCE {
    @Override
    double weight(Recording recording, Instant at, Slot slot) {
      return recording.at(at).weight();
    }
  },
  /**
   * The same hour of the day before, again and again; the running slot's weight where the recording
   * does not reach back that far.
   */
  OWN {
    @Override
    double weight(Recording recording, Instant at, Slot slot) {
      long days = Math.ceilDiv(Duration.between(at, slot.to()).toNanos(), DAY.toNanos());
      Instant before = slot.from().minusSeconds(days * DAY.toSeconds());
      return before.isBefore(recording.from())
          ? recording.at(at).weight()
          : recording.at(before).weight();
    }
  };

  private static final Duration DAY = Duration.ofDays(1);

  /** Grid forecasts reach about four days ahead. */
  private static final Duration REACH = Duration.ofDays(4);

  /** How far back the highest weight counts as dirty. */
  private static final Duration TRAILING = Duration.ofDays(7);

  /** The weight foreseen at {@code at} for {@code slot}, which begins later. */
  abstract double weight(Recording recording, Instant at, Slot slot);

  /** What is foreseen at {@code at}, as far as {@code until} at most. */
  EnergyOutlook outlook(Recording recording, Instant at, Instant until) {
    Instant reach = at.plus(REACH).isBefore(until) ? at.plus(REACH) : until;
    List<Slot> foreseen = new ArrayList<>();
    for (Slot slot : recording.between(at, reach)) {
      double weight = foreseen.isEmpty() ? slot.weight() : weight(recording, at, slot);
      foreseen.add(new Slot(slot.from(), slot.to(), weight));
    }
    // All weights of zero make a reference of zero, which an outlook refuses; any will do then.
    double highest = recording.highest(at, TRAILING);
    return new EnergyOutlook(foreseen, highest > 0 ? highest : 1, until.plus(DAY));
  }
}
