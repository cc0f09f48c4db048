package chase.carbon.plausibility;

import chase.carbon.CarbonIntensity;
import chase.carbon.RejectReason;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * The values that a guard has rejected since it began.
 *
 * @param counts how many by reason; a reason that never came up is not in it
 * @param last the one rejected last
 */
public record RejectedValues(Map<RejectReason, Long> counts, Optional<RejectedValue> last) {
  /** Nothing yet. */
  public static final RejectedValues EMPTY = new RejectedValues(Map.of(), Optional.empty());

  /** Copies the counts. */
  public RejectedValues {
    counts = Map.copyOf(counts);
  }

  /** How many were rejected for that reason. */
  public long count(RejectReason reason) {
    return counts.getOrDefault(reason, 0L);
  }

  RejectedValues with(RejectedValue one) {
    Map<RejectReason, Long> more = new EnumMap<>(RejectReason.class);
    more.putAll(counts);
    more.merge(one.reason(), 1L, Long::sum);
    return new RejectedValues(more, Optional.of(one));
  }

  /**
   * One rejected value.
   *
   * @param reason why, as a kind
   * @param message why, in one line
   * @param value the value; empty where none could be read
   * @param at when it was received
   */
  public record RejectedValue(
      RejectReason reason, String message, Optional<CarbonIntensity> value, Instant at) {}
}
