package chase.carbon.energinet;

import chase.carbon.CarbonUnavailable;
import chase.carbon.CarbonUnavailable.Reason;
import chase.carbon.Origin;
import chase.carbon.Region;
import chase.carbon.http.JsonBody;
import chase.carbon.http.Series;
import chase.carbon.price.EnergyPrice;
import chase.carbon.price.MoneyPerMwh;
import java.time.Duration;
import java.time.Instant;
import java.util.Currency;
import java.util.List;

/**
 * Reads the rows of {@code DayAheadPrices}, by quarters of an hour since October 2025. All rows
 * last as long as the shortest step between two, an hour at most.
 *
 * @param body the answer
 * @param area the bidding zone that was asked about
 * @param currency the money that is wanted, EUR or DKK
 * @param now when it came
 */
record Prices(JsonBody body, Region area, Currency currency, Instant now) {
  static final String TIME = "TimeUTC";

  private static final Duration QUARTER = Duration.ofMinutes(15);
  private static final Duration HOUR = Duration.ofHours(1);

  /** Europe's day-ahead market is bounded by some thousands of euros. */
  private static final double IMPOSSIBLE = 1e6;

  Series<EnergyPrice> read() throws CarbonUnavailable {
    List<JsonBody> records = body.objects("records").orElseThrow(() -> body.lacks("records"));
    Duration period = period(records);
    Series<EnergyPrice> series = new Series<>(body);
    for (JsonBody row : records) {
      series.add(() -> read(row, period));
    }
    return series;
  }

  /** The shortest step between two rows, which come in ascending order. */
  private static Duration period(List<JsonBody> records) throws CarbonUnavailable {
    Duration shortest = records.size() < 2 ? QUARTER : HOUR;
    for (int i = 1; i < records.size(); i++) {
      Duration step = Duration.between(from(records.get(i - 1)), from(records.get(i)));
      shortest = step.isPositive() && step.compareTo(shortest) < 0 ? step : shortest;
    }
    return shortest;
  }

  private EnergyPrice read(JsonBody row, Duration period) throws CarbonUnavailable {
    Instant from = from(row);
    String got = row.text("PriceArea").orElseThrow(() -> row.lacks("PriceArea"));
    if (!got.equals(area.code())) {
      throw row.unavailable(Reason.IMPLAUSIBLE, "asked for area " + area + ", got " + got);
    }
    double price =
        row.number("DayAheadPrice" + currency.getCurrencyCode())
            .orElseThrow(() -> row.unavailable(Reason.NO_DATA, "no price for " + from));
    if (!(Math.abs(price) < IMPOSSIBLE)) {
      throw row.unavailable(Reason.IMPLAUSIBLE, "the price " + price + " cannot be true");
    }
    return new EnergyPrice(
        new MoneyPerMwh(price, currency),
        new Origin.Measured(),
        Energinet.PROVIDER,
        area,
        from,
        from.plus(period),
        now,
        now);
  }

  private static Instant from(JsonBody row) throws CarbonUnavailable {
    return row.utc(TIME).orElseThrow(() -> row.lacks(TIME));
  }
}
