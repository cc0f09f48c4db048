package chase.carbon.energinet;

import chase.carbon.CarbonUnavailable;
import chase.carbon.CarbonUnavailable.FailureReason;
import chase.carbon.EnergyPrice;
import chase.carbon.MoneyPerMwh;
import chase.carbon.Provenance;
import chase.carbon.Region;
import chase.carbon.http.JsonBody;
import chase.carbon.http.PeriodRows;
import chase.carbon.http.TimeSteps;
import java.time.Duration;
import java.time.Instant;
import java.util.Currency;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;

/**
 * Reads the rows of {@code DayAheadPrices}, by quarters of an hour since October 2025. All rows
 * last as long as the most common step between two, at most an hour.
 *
 * @param body the response
 * @param area the bidding zone that was requested
 * @param currency the money that is wanted, EUR or DKK
 * @param now when it came
 */
record PriceParser(JsonBody body, Region area, Currency currency, Instant now) {
  static final String TIME = "TimeUTC";

  private static final Duration QUARTER = Duration.ofMinutes(15);
  private static final Duration HOUR = Duration.ofHours(1);

  /** Europe's day-ahead market is bounded by some thousands of euros. */
  private static final double IMPOSSIBLE = 1e6;

  PeriodRows<EnergyPrice> read() throws CarbonUnavailable {
    List<JsonBody> records = body.objects("records").orElseThrow(() -> body.missing("records"));
    Duration period = period(starts(records));
    PeriodRows<EnergyPrice> series = new PeriodRows<>(body);
    for (JsonBody row : records) {
      series.add(() -> read(row, period));
    }
    return series;
  }

  /** When the rows begin whose time can be read; the others are left out when they are read. */
  private static NavigableSet<Instant> starts(List<JsonBody> records) {
    NavigableSet<Instant> starts = new TreeSet<>();
    for (JsonBody row : records) {
      try {
        starts.add(from(row));
      } catch (CarbonUnavailable unreadable) {
        // Reported when the row itself is read.
      }
    }
    return starts;
  }

  private static Duration period(NavigableSet<Instant> starts) {
    return TimeSteps.mostCommon(starts)
        .map(step -> step.compareTo(HOUR) < 0 ? step : HOUR)
        .orElse(QUARTER);
  }

  private EnergyPrice read(JsonBody row, Duration period) throws CarbonUnavailable {
    Instant from = from(row);
    String got = row.text("PriceArea").orElseThrow(() -> row.missing("PriceArea"));
    if (!got.equals(area.code())) {
      throw row.unavailable(FailureReason.IMPLAUSIBLE, "asked for area " + area + ", got " + got);
    }
    double price =
        row.number("DayAheadPrice" + currency.getCurrencyCode())
            .orElseThrow(() -> row.unavailable(FailureReason.NO_DATA, "no price for " + from));
    if (!(Math.abs(price) < IMPOSSIBLE)) {
      throw row.unavailable(FailureReason.IMPLAUSIBLE, "the price " + price + " cannot be true");
    }
    return new EnergyPrice(
        new MoneyPerMwh(price, currency),
        new Provenance.Measured(),
        Energinet.PROVIDER,
        area,
        from,
        from.plus(period),
        now,
        now);
  }

  private static Instant from(JsonBody row) throws CarbonUnavailable {
    return row.utc(TIME).orElseThrow(() -> row.missing(TIME));
  }
}
