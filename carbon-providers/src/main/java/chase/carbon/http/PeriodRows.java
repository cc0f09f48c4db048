package chase.carbon.http;

import chase.carbon.CarbonUnavailable;
import chase.carbon.CarbonUnavailable.FailureReason;
import chase.carbon.TimedValue;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * Collects the rows of one response in ascending order, whatever their order was. A row that cannot
 * be read, has no value, or one that cannot be true, is left out, and so is one that begins inside
 * the row before it; of two rows for one time the later counts.
 *
 * @param <T> what a row holds
 */
public final class PeriodRows<T extends TimedValue> {
  /** No provider's value is true for longer. */
  private static final Duration LONGEST_PERIOD = Duration.ofDays(1);

  private final ProviderResponse response;
  private final UnaryOperator<List<T>> credible;
  private final SortedMap<Instant, T> rows = new TreeMap<>();
  private Optional<CarbonUnavailable> lastSkipped = Optional.empty();

  /** Reads one row. */
  public interface RowReader<T> {
    /** The row; an exception leaves it out. */
    T read() throws CarbonUnavailable;
  }

  /** Without rows, of the response {@code body}. */
  public PeriodRows(JsonBody body) {
    this(body, UnaryOperator.identity());
  }

  /**
   * The same.
   *
   * @param credible leaves out, of ascending rows, those that the others refute
   */
  public PeriodRows(JsonBody body, UnaryOperator<List<T>> credible) {
    this(body.response(), credible);
  }

  /** The same of a response that is no JSON. */
  public PeriodRows(ProviderResponse response, UnaryOperator<List<T>> credible) {
    this.response = response;
    this.credible = credible;
  }

  /** Adds what {@code reading} brings. That a value is missing is common and not counted. */
  public void add(RowReader<T> reading) {
    try {
      T row = reading.read();
      if (row.period().compareTo(LONGEST_PERIOD) > 0) {
        throw response.unavailable(
            FailureReason.MALFORMED, "a period from " + row.validFrom() + " to " + row.validTo());
      }
      rows.put(row.validFrom(), row);
    } catch (CarbonUnavailable unfit) {
      lastSkipped = Optional.of(unfit);
      if (unfit.reason() != FailureReason.NO_DATA) {
        response.reportSkipped(unfit);
      }
    }
  }

  /** The rows that are used, ascending, none overlapping. */
  private List<T> accepted() {
    List<T> accepted = new ArrayList<>();
    for (T row : rows.values()) {
      if (accepted.isEmpty() || !row.validFrom().isBefore(accepted.getLast().validTo())) {
        accepted.add(row);
      } else {
        response.reportSkipped(
            response.unavailable(
                FailureReason.MALFORMED, "the row of " + row.validFrom() + " lies inside another"));
      }
    }
    return credible.apply(accepted);
  }

  /**
   * The rows that ended by {@code to} and did not end before {@code from}.
   *
   * @throws CarbonUnavailable when every row had to be left out, with the reason of the last
   */
  public List<T> between(Instant from, Instant to) throws CarbonUnavailable {
    requireOneRow();
    return accepted().stream()
        .filter(row -> !row.validTo().isAfter(to) && !row.validTo().isBefore(from))
        .toList();
  }

  /**
   * The rows from the one that runs at {@code now} on; never empty.
   *
   * @throws CarbonUnavailable when there are none, or when they begin more than a period ahead
   */
  public List<T> upcoming(Instant now) throws CarbonUnavailable {
    requireOneRow();
    List<T> ahead = accepted().stream().filter(row -> row.validTo().isAfter(now)).toList();
    if (ahead.isEmpty()) {
      throw response.notForNow("no number for " + now + " or later" + end(), now);
    }
    T first = ahead.getFirst();
    if (first.validFrom().isAfter(now.plus(first.period()))) {
      throw response.notForNow(
          "the numbers begin at " + first.validFrom() + ", but here it is " + now, now);
    }
    return ahead;
  }

  /**
   * The row that runs at {@code now}, or the newest of those before.
   *
   * @param lateness how long ago that one may have ended
   * @throws CarbonUnavailable when there is none
   */
  public T latest(Instant now, Duration lateness) throws CarbonUnavailable {
    requireOneRow();
    Optional<T> latest =
        accepted().stream()
            .filter(row -> !row.validFrom().isAfter(now))
            .reduce((earlier, later) -> later)
            .filter(row -> row.age(now).compareTo(lateness) <= 0);
    if (latest.isEmpty()) {
      throw response.notForNow("no number for " + now + end(), now);
    }
    return latest.get();
  }

  /**
   * The row that runs at {@code now}, or the first one, where that begins near it.
   *
   * @param periods how many periods it may begin away from {@code now}
   * @throws CarbonUnavailable when there is none
   */
  public T nearest(Instant now, int periods) throws CarbonUnavailable {
    requireOneRow();
    List<T> rows = accepted();
    T nearest =
        rows.stream()
            .filter(row -> row.covers(now))
            .findFirst()
            .or(() -> rows.stream().findFirst())
            .orElseThrow(() -> response.unavailable(FailureReason.NO_DATA, "there are no numbers"));
    Duration away = Duration.between(nearest.validFrom(), now).abs();
    if (away.compareTo(nearest.period().multipliedBy(periods)) > 0) {
      throw response.notForNow(
          "the numbers begin at " + nearest.validFrom() + ", but here it is " + now, now);
    }
    return nearest;
  }

  private String end() {
    return rows.isEmpty() ? "" : "; they end at " + rows.lastEntry().getValue().validTo();
  }

  private void requireOneRow() throws CarbonUnavailable {
    if (rows.isEmpty() && lastSkipped.isPresent()) {
      throw lastSkipped.get();
    }
  }
}
