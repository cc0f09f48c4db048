package chase.carbon.http;

import java.util.EnumMap;
import java.util.Map;

/**
 * How often a provider was called.
 *
 * @param provider its short name
 * @param total calls since the start, by outcome; {@code HELD_BACK} ones were not sent
 * @param lastHour calls that were sent within the last hour
 * @param hourlyBudget the most that may be sent in an hour
 * @param skippedParts parts of answers that could not be read, since the start; the rest was used
 */
public record CallCounts(
    String provider,
    Map<CallOutcome, Long> total,
    int lastHour,
    int hourlyBudget,
    long skippedParts) {
  /** The outcome of a call. */
  public enum CallOutcome {
    /** Answered with a 2xx or a redirect. */
    ANSWERED,
    /** Answered with a 4xx other than 429: a key, plan or region. */
    REFUSED,
    /** Answered with a 429. */
    THROTTLED,
    /** A 5xx, no complete response in time, no connection, or a body over 4 MiB. */
    FAILED,
    /** Not sent: the provider wants a pause, or the hour's budget is spent. */
    HELD_BACK
  }

  /** Copies the counts. */
  public CallCounts {
    total = Map.copyOf(total);
  }

  /** Of both together, where one provider is called at two addresses. */
  public CallCounts plus(CallCounts other) {
    Map<CallOutcome, Long> sum = new EnumMap<>(CallOutcome.class);
    sum.putAll(total);
    other.total.forEach((outcome, count) -> sum.merge(outcome, count, Long::sum));
    return new CallCounts(
        provider,
        sum,
        lastHour + other.lastHour,
        hourlyBudget + other.hourlyBudget,
        skippedParts + other.skippedParts);
  }
}
