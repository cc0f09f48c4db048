package chase.carbon.http;

import chase.carbon.CarbonUnavailable;
import chase.carbon.CarbonUnavailable.Reason;
import chase.carbon.Lasting;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Collects the rows of one answer in ascending order. A row without a number, or with one that
 * cannot be true, is left out; of two rows for one time the later counts.
 *
 * @param <T> what a row tells
 */
public final class Series<T extends Lasting> {
  private final JsonBody body;
  private final SortedMap<Instant, T> rows = new TreeMap<>();
  private Optional<CarbonUnavailable> leftOut = Optional.empty();

  /** Reads one row. */
  public interface Reading<T> {
    /** The row; an exception that is not {@code MALFORMED} leaves it out. */
    T read() throws CarbonUnavailable;
  }

  /** Without rows, of the answer {@code body}. */
  public Series(JsonBody body) {
    this.body = body;
  }

  /**
   * Adds what {@code reading} brings.
   *
   * @throws CarbonUnavailable as {@code MALFORMED} when the row cannot be understood
   */
  public void add(Reading<T> reading) throws CarbonUnavailable {
    try {
      T row = reading.read();
      rows.put(row.validFrom(), row);
    } catch (CarbonUnavailable unfit) {
      if (unfit.reason() == Reason.MALFORMED) {
        throw unfit;
      }
      leftOut = Optional.of(unfit);
    }
  }

  /**
   * The rows that ended by {@code to} and did not end before {@code from}.
   *
   * @throws CarbonUnavailable when every row had to be left out, with the reason of the last
   */
  public List<T> between(Instant from, Instant to) throws CarbonUnavailable {
    refuseAllLeftOut();
    return rows.values().stream()
        .filter(row -> !row.validTo().isAfter(to) && !row.validTo().isBefore(from))
        .toList();
  }

  /**
   * The rows from the one that runs at {@code now} on; never empty.
   *
   * @throws CarbonUnavailable when there are none, or when they begin more than a period ahead
   */
  public List<T> ahead(Instant now) throws CarbonUnavailable {
    refuseAllLeftOut();
    List<T> ahead = rows.values().stream().filter(row -> row.validTo().isAfter(now)).toList();
    if (ahead.isEmpty()) {
      throw body.misplaced("no number for " + now + " or later" + end(), now);
    }
    T first = ahead.getFirst();
    if (first.validFrom().isAfter(now.plus(first.period()))) {
      throw body.misplaced(
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
    refuseAllLeftOut();
    Optional<T> latest =
        rows.headMap(now.plusNanos(1)).values().stream()
            .reduce((earlier, later) -> later)
            .filter(row -> row.age(now).compareTo(lateness) <= 0);
    if (latest.isEmpty()) {
      throw body.misplaced("no number for " + now + end(), now);
    }
    return latest.get();
  }

  private String end() {
    return rows.isEmpty() ? "" : "; they end at " + rows.lastEntry().getValue().validTo();
  }

  private void refuseAllLeftOut() throws CarbonUnavailable {
    if (rows.isEmpty() && leftOut.isPresent()) {
      throw leftOut.get();
    }
  }
}
