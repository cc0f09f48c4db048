package chase.carbon.http;

import chase.carbon.CarbonUnavailable;
import chase.carbon.CarbonUnavailable.Reason;
import chase.carbon.Lasting;
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
      String until = rows.isEmpty() ? "" : "; they end at " + rows.lastEntry().getValue().validTo();
      throw body.misplaced("no numbers for " + now + " or later" + until, now);
    }
    T first = ahead.getFirst();
    if (first.validFrom().isAfter(now.plus(first.period()))) {
      throw body.misplaced(
          "the numbers begin at " + first.validFrom() + ", but here it is " + now, now);
    }
    return ahead;
  }

  private void refuseAllLeftOut() throws CarbonUnavailable {
    if (rows.isEmpty() && leftOut.isPresent()) {
      throw leftOut.get();
    }
  }
}
