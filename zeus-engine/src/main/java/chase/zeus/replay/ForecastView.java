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
  ForecastView PERFECT = (trace, at, slot) -> slot.weight();

  /** The running slot's weight continues. */
  ForecastView PERSISTENCE = (trace, at, slot) -> trace.at(at).weight();

  /**
   * The same hour of the day before, repeated; the running slot's weight where the trace does not
   * reach back that far.
   */
  ForecastView YESTERDAY = ForecastView::yesterday;

  private static double yesterday(WeightTrace trace, Instant at, Slot slot) {
    Duration day = Duration.ofDays(1);
    long days = Math.ceilDiv(Duration.between(at, slot.to()).toNanos(), day.toNanos());
    Instant before = slot.from().minusSeconds(days * day.toSeconds());
    return before.isBefore(trace.from()) ? trace.at(at).weight() : trace.at(before).weight();
  }

  /** Grid forecasts reach about four days ahead. */
  Duration REACH = Duration.ofDays(4);

  /**
   * The weight forecast at {@code at} for {@code slot}, which begins later: finite and not
   * negative.
   *
   * @param trace only its part before {@code at} and the running slot may be used
   * @param slot the period of the forecast; its own weight is the true one
   */
  double weight(WeightTrace trace, Instant at, Slot slot);

  /** The outlook at {@code at}, until {@code until} at the latest. */
  default EnergyOutlook outlook(WeightTrace trace, Instant at, Instant until) {
    Instant reach = at.plus(REACH).isBefore(until) ? at.plus(REACH) : until;
    List<Slot> slots = new ArrayList<>();
    for (Slot slot : trace.between(at, reach)) {
      double weight = slots.isEmpty() ? slot.weight() : weight(trace, at, slot);
      slots.add(new Slot(slot.from(), slot.to(), weight));
    }
    // If all weights are zero the reference is zero, which an outlook refuses; any reference will
    // do then.
    double highest = trace.highest(at, Duration.ofDays(7));
    return new EnergyOutlook(slots, highest > 0 ? highest : 1, until.plus(Duration.ofDays(1)));
  }
}
