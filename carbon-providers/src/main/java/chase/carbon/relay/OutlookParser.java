package chase.carbon.relay;

import chase.carbon.CarbonIntensity;
import chase.carbon.CarbonUnavailable;
import chase.carbon.CarbonUnavailable.FailureReason;
import chase.carbon.EnergyPrice;
import chase.carbon.TimeBounds;
import chase.carbon.fallback.FallbackLevel;
import chase.carbon.history.IntensityJson;
import chase.carbon.http.JsonBody;
import chase.carbon.http.PeriodRows;
import chase.carbon.plausibility.ZeroCheck;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/**
 * Reads an outlook that another Chase serves, and refuses one that came through too many of them,
 * or through this one.
 *
 * @param body the response
 * @param own this Chase
 * @param now when it came
 */
record OutlookParser(JsonBody body, CarbonIntensity.Relay own, Instant now) {
  /** More of them are a mistake; each makes a value later. */
  static final int MOST_HOPS = 4;

  /** No number is true for longer. */
  private static final Duration LONGEST_PERIOD = Duration.ofDays(1);

  RelayedOutlook read() throws CarbonUnavailable {
    JsonNode outlook = body.node();
    if (!OutlookJson.isOutlook(outlook)) {
      throw body.unavailable(
          FailureReason.MALFORMED,
          "the answer is no outlook of a Chase, or one of another version than this");
    }
    CarbonIntensity.Relay relay = checked("host", IntensityJson::relay, outlook.path("host"));
    FallbackLevel level = checked("level", OutlookJson::level, outlook);
    Optional<CarbonIntensity> current =
        level.usable() ? Optional.of(intensity(outlook.path("current"), relay)) : Optional.empty();
    return new RelayedOutlook(
        relay,
        OutlookJson.line(outlook.path("provider")).orElseThrow(() -> body.missing("provider")),
        level,
        current,
        body.optionalPart(() -> Optional.of(forecast(outlook.path("forecast"), relay)))
            .orElse(List.of()),
        OutlookJson.line(outlook.path("trouble")),
        body.optionalPart(() -> Optional.of(prices(outlook.path("prices")))).orElse(List.of()),
        OutlookJson.lines(outlook.path("attribution")));
  }

  private List<CarbonIntensity> forecast(JsonNode groups, CarbonIntensity.Relay relay)
      throws CarbonUnavailable {
    PeriodRows<CarbonIntensity> rows = new PeriodRows<>(body, ZeroCheck::credible);
    OutlookJson.periods(groups).forEach(period -> rows.add(() -> intensity(period, relay)));
    return rows.between(now, TimeBounds.LATEST);
  }

  private List<EnergyPrice> prices(JsonNode groups) throws CarbonUnavailable {
    PeriodRows<EnergyPrice> rows = new PeriodRows<>(body);
    OutlookJson.periods(groups)
        .forEach(period -> rows.add(() -> checked("prices", OutlookJson::price, period)));
    return rows.between(TimeBounds.EARLIEST, TimeBounds.LATEST);
  }

  private CarbonIntensity intensity(JsonNode node, CarbonIntensity.Relay relay)
      throws CarbonUnavailable {
    CarbonIntensity value = checked("number", IntensityJson::parse, node);
    body.intensity(value.value().value());
    if (value.period().compareTo(LONGEST_PERIOD) > 0) {
      throw body.unavailable(
          FailureReason.MALFORMED, "a period from " + value.validFrom() + " to " + value.validTo());
    }
    CarbonIntensity here = value.passedOnBy(relay);
    String hosts = String.join(", ", here.via().stream().map(CarbonIntensity.Relay::host).toList());
    if (here.via().stream().anyMatch(hop -> hop.id().equals(own.id()))) {
      throw body.unavailable(
          FailureReason.NO_DATA,
          "its number came from this host itself (%s): a loop of Chases that ask each other"
              .formatted(hosts));
    }
    if (here.via().size() > MOST_HOPS) {
      throw body.unavailable(
          FailureReason.NO_DATA,
          String.format(
              Locale.ROOT,
              "its number came through %d hosts (%s), and %d is the maximum",
              here.via().size(),
              hosts,
              MOST_HOPS));
    }
    return here;
  }

  private <T> T checked(String where, Function<JsonNode, T> parser, JsonNode node)
      throws CarbonUnavailable {
    try {
      return parser.apply(node);
    } catch (IllegalArgumentException wrong) {
      throw body.unavailable(
          FailureReason.MALFORMED, "the answer's " + where + ", " + wrong.getMessage());
    }
  }
}
