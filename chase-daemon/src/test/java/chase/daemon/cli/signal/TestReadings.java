package chase.daemon.cli.signal;

import chase.daemon.api.ApiJson;
import chase.daemon.api.SignalBody;
import chase.daemon.cli.signal.WaitPlan.GridReading;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;

/** The grid as a daemon returns it, made as it comes: JSON. */
final class TestReadings {
  static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");

  private static final String SIGNAL =
      """
      {"provider":"neso","region":"GB","level":{"number":0,"name":"live"},"trusted":true,
       "max_age_seconds":7200,"reference_grams_per_kwh":500,"polls_ok":1,"polls_failed":0,
       "weights":{"carbon":1,"price":0},"attributions":[],"notices":[],
       "current":{"carbon_intensity_grams_per_kwh":0,"provider":"neso","region":"GB",
        "margin":"average","scope":"direct","origin":"measured",
        "valid_from":"2026-11-23T12:00:00Z","valid_to":"2026-11-23T13:00:00Z",
        "published_at":"2026-11-23T12:00:00Z","fetched_at":"2026-11-23T12:00:00Z","age_seconds":0,
        "via":[],"fetched_age_seconds":0},
       "outlook":{"ahead":[],"forecasts":[],"intervals":[],"providers":[],"prices":[]}}
      """;

  private TestReadings() {}

  /** One value for each hour from noon on; none where it is not a number. */
  static GridReading hourly(double... grams) {
    ObjectNode signal = signal(grams[0]);
    ArrayNode ahead = (ArrayNode) signal.at("/outlook/ahead");
    for (int i = 1; i < grams.length; i++) {
      if (!Double.isNaN(grams[i])) {
        ahead
            .addObject()
            .put("from", hour(i))
            .put("to", hour(i + 1))
            .put("grams_per_kwh", grams[i])
            .put("origin", "forecast");
      }
    }
    return reading(signal);
  }

  private static String hour(int hours) {
    return NOON.plus(Duration.ofHours(hours)).toString();
  }

  private static ObjectNode signal(double grams) {
    try {
      ObjectNode signal = (ObjectNode) ApiJson.mapper().readTree(SIGNAL);
      ((ObjectNode) signal.get("current")).put("carbon_intensity_grams_per_kwh", grams);
      return signal;
    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static GridReading reading(ObjectNode signal) {
    try {
      return new GridReading(
          ApiJson.mapper().treeToValue(signal, SignalBody.class), "budget:0.03", true, NOON);
    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A last number that may not be acted on any more. */
  static GridReading untrusted(double grams) {
    return reading(signal(grams).put("trusted", false));
  }

  static GridReading under(String policy, boolean weighsGrid, GridReading other) {
    return new GridReading(other.signal(), policy, weighsGrid, other.at());
  }

  /** The same with prices for each hour from noon on, of which 100 counts as expensive. */
  static GridReading priced(GridReading other, double weight, double... prices) {
    ObjectNode signal = ApiJson.mapper().valueToTree(other.signal());
    ((ObjectNode) signal.get("weights")).put("price", weight);
    ObjectNode price =
        signal
            .putObject("price")
            .put("provider", "energinet")
            .put("region", "DK1")
            .put("trusted", true)
            .put("reference_per_mwh", 100)
            .put("polls_ok", 1)
            .put("polls_failed", 0);
    price
        .putObject("current")
        .put("price_per_mwh", prices[0])
        .put("currency", "EUR")
        .put("origin", "measured")
        .put("valid_from", hour(0))
        .put("valid_to", hour(1));
    ArrayNode ahead = (ArrayNode) signal.at("/outlook/prices");
    for (int i = 0; i < prices.length; i++) {
      ahead.addObject().put("from", hour(i)).put("to", hour(i + 1)).put("price_per_mwh", prices[i]);
    }
    return reading(signal);
  }
}
