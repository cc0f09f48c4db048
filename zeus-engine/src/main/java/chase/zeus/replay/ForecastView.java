package chase.zeus.replay;

import chase.zeus.policy.EnergyOutlook;
import chase.zeus.policy.EnergyOutlook.Slot;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * The forecast that a policy gets in a replay. The running slot's own weight is always known. Safe
 * for any number of threads.
 */
@FunctionalInterface
public interface ForecastView {
  /** The weights that the trace will have. */
  ForecastView PERFECT = (recording, at, slot) -> slot.weight();

  /** The running slot's weight continues. */
  ForecastView PERSISTENCE = (recording, at, slot) -> recording.at(at).weight();

  /**
   * The same hour of the day before, repeated; the running slot's weight where the trace does not
   * reach back that far.
   */
  ForecastView YESTERDAY = ForecastView::yesterday;

  private static double yesterday(WeightTrace recording, Instant at, Slot slot) {
    Duration day = Duration.ofDays(1);
    long days = Math.ceilDiv(Duration.between(at, slot.to()).toNanos(), day.toNanos());
    Instant before = slot.from().minusSeconds(days * day.toSeconds());
    return before.isBefore(recording.from())
        ? recording.at(at).weight()
        : recording.at(before).weight();
  }

  /** Grid forecasts reach about four days ahead. */
  Duration REACH = Duration.ofDays(4);

  /**
   * The weight forecast at {@code at} for {@code slot}, which begins later: finite and not
   * negative.
   *
   * @param recording only its part before {@code at} and the running slot may be used
   * @param slot the period of the forecast; its own weight is the true one
   */
  double weight(WeightTrace recording, Instant at, Slot slot);

  /** The outlook at {@code at}, until {@code until} at the latest. */
  default EnergyOutlook outlook(WeightTrace recording, Instant at, Instant until) {
    Instant reach = at.plus(REACH).isBefore(until) ? at.plus(REACH) : until;
    List<Slot> foreseen = new ArrayList<>();
    for (Slot slot : recording.between(at, reach)) {
      double weight = foreseen.isEmpty() ? slot.weight() : weight(recording, at, slot);
      foreseen.add(new Slot(slot.from(), slot.to(), weight));
    }
    // If all weights are zero the reference is zero, which an outlook refuses; any reference will
    // do then.
    double highest = recording.highest(at, Duration.ofDays(7));
    return new EnergyOutlook(foreseen, highest > 0 ? highest : 1, until.plus(Duration.ofDays(1)));
  }
}
