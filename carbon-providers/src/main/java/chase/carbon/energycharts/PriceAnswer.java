package chase.carbon.energycharts;

import chase.carbon.CarbonUnavailable;
import chase.carbon.CarbonUnavailable.FailureReason;
import chase.carbon.EnergyPrice;
import chase.carbon.MoneyPerMwh;
import chase.carbon.PlainLine;
import chase.carbon.Provenance;
import chase.carbon.Region;
import chase.carbon.http.JsonBody;
import chase.carbon.http.PeriodRows;
import java.time.Instant;
import java.util.Currency;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * One response of the path {@code /price}.
 *
 * @param series the times
 * @param prices euros for each MWh, one for each time
 * @param zone the bidding zone that was requested
 * @param fetchedAt when it came
 */
record PriceAnswer(
    ChartSeries series, List<Optional<Double>> prices, Region zone, Instant fetchedAt) {
  static final Currency EURO = Currency.getInstance("EUR");

  private static final String PRICE = "price";
  private static final String UNIT = "EUR / MWh";
  private static final String PRIVATE = "private and internal use";

  /** Europe's day-ahead market is bounded by some thousands of euros. */
  private static final double IMPOSSIBLE = 1e6;

  /**
   * Reads a response.
   *
   * @throws CarbonUnavailable when it is no answer, or in another unit than euros for each MWh
   */
  static PriceAnswer of(JsonBody body, Region zone, Instant now) throws CarbonUnavailable {
    ChartSeries series = ChartSeries.of(body);
    if (body.raw(PRICE).isEmpty()) {
      throw body.missing(PRICE);
    }
    String unit = body.text("unit").orElseThrow(() -> body.missing("unit"));
    if (!unit.replace(" ", "").equalsIgnoreCase(UNIT.replace(" ", ""))) {
      throw body.unavailable(
          FailureReason.MALFORMED,
          "prices in " + PlainLine.quote(unit) + ", where " + UNIT + " is expected");
    }
    return new PriceAnswer(series, series.numbers(PRICE), zone, now);
  }

  PeriodRows<EnergyPrice> rows() {
    PeriodRows<EnergyPrice> rows = new PeriodRows<>(series.body());
    for (int place : series.places()) {
      rows.add(() -> row(place));
    }
    return rows;
  }

  private EnergyPrice row(int place) throws CarbonUnavailable {
    JsonBody body = series.body();
    Instant from = series.start(place);
    double price =
        prices
            .get(place)
            .orElseThrow(() -> body.unavailable(FailureReason.NO_DATA, "no price for " + from));
    if (!(Math.abs(price) < IMPOSSIBLE)) {
      throw body.unavailable(FailureReason.IMPLAUSIBLE, "the price " + price + " cannot be true");
    }
    return new EnergyPrice(
        new MoneyPerMwh(price, EURO),
        new Provenance.Measured(),
        EnergyCharts.PROVIDER,
        zone,
        from,
        from.plus(series.step()),
        fetchedAt,
        fetchedAt);
  }

  /** The licence that the response states of this zone's prices, shortened. */
  Optional<String> licence() {
    JsonBody body = series.body();
    return body.optionalPart(() -> body.text("license_info"))
        .filter(text -> !text.isBlank())
        .map(PriceAnswer::shortened);
  }

  private static String shortened(String licence) {
    String lower = licence.toLowerCase(Locale.ROOT);
    if (lower.contains(PRIVATE)) {
      return "for " + PRIVATE + " only";
    }
    return lower.contains("smard.de") && lower.contains("cc by 4.0")
        ? "from Bundesnetzagentur | SMARD.de, CC BY 4.0"
        : PlainLine.shown(licence);
  }
}
