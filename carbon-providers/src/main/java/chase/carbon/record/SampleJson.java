package chase.carbon.record;

import chase.carbon.CarbonIntensity;
import chase.carbon.GramsPerKwh;
import chase.carbon.Origin;
import chase.carbon.Region;
import chase.carbon.Signal;
import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.LocalDate;
import java.util.Locale;
import java.util.Optional;

/** One number as one line of JSON, and back without loss. */
public final class SampleJson {
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  private SampleJson() {}

  /** The number as a line without a line break. */
  public static String line(CarbonIntensity sample) {
    ObjectNode node = JSON.createObjectNode();
    node.put("from", sample.validFrom().toString());
    node.put("to", sample.validTo().toString());
    node.put("grams_per_kwh", sample.value().value());
    node.put("margin", word(sample.signal().margin()));
    node.put("scope", word(sample.signal().scope()));
    node.put("origin", sample.origin().word());
    write(sample.origin(), node);
    node.put("provider", sample.provider());
    node.put("region", sample.region().code());
    node.put("published", sample.publishedAt().toString());
    node.put("fetched", sample.fetchedAt().toString());
    sample.modelDate().ifPresent(date -> node.put("model_date", date.toString()));
    return node.toString();
  }

  private static void write(Origin origin, ObjectNode node) {
    switch (origin) {
      case Origin.Measured m -> {}
      case Origin.Estimated estimated -> node.put("method", estimated.method());
      case Origin.Forecast forecast -> node.put("ahead", forecast.ahead().toString());
      case Origin.OwnForecast own -> {
        node.put("ahead", own.ahead().toString());
        node.put("model", own.model());
      }
      case Origin.Static mean -> {
        node.put("year", mean.year().getValue());
        node.put("source", mean.source());
      }
      case Origin.Replayed replayed -> node.put("recorded", replayed.recordedAt().toString());
    }
  }

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  /**
   * The number on a line.
   *
   * @throws IllegalArgumentException with what is wrong, when it is no such line
   */
  public static CarbonIntensity parse(String line) {
    Fields fields = new Fields(tree(line));
    return new CarbonIntensity(
        new GramsPerKwh(fields.number("grams_per_kwh")),
        new Signal(
            fields.constant("margin", Signal.Margin.class),
            fields.constant("scope", Signal.Scope.class)),
        origin(fields),
        fields.text("provider"),
        new Region(fields.text("region")),
        fields.instant("from"),
        fields.instant("to"),
        fields.instant("published"),
        fields.instant("fetched"),
        fields.optional("model_date").map(text -> fields.parsed("model_date", LocalDate::parse)));
  }

  private static JsonNode tree(String line) {
    try {
      Optional<JsonNode> node = Optional.ofNullable(JSON.readTree(line));
      return node.filter(JsonNode::isObject)
          .orElseThrow(() -> new IllegalArgumentException("not a JSON object"));
    } catch (JacksonException notJson) {
      throw new IllegalArgumentException("not JSON: " + notJson.getOriginalMessage(), notJson);
    }
  }

  private static Origin origin(Fields fields) {
    String word = fields.text("origin");
    return switch (word) {
      case "measured" -> new Origin.Measured();
      case "estimated" -> new Origin.Estimated(fields.text("method"));
      case "forecast" -> new Origin.Forecast(fields.duration("ahead"));
      case "own-forecast" -> new Origin.OwnForecast(fields.duration("ahead"), fields.text("model"));
      case "static" -> new Origin.Static(fields.year("year"), fields.text("source"));
      case "replayed" -> new Origin.Replayed(fields.instant("recorded"));
      default -> throw new IllegalArgumentException("origin: unknown: " + word);
    };
  }
}
