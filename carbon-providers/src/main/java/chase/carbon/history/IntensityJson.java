package chase.carbon.history;

import chase.carbon.CarbonIntensity;
import chase.carbon.GramsPerKwh;
import chase.carbon.Provenance;
import chase.carbon.Region;
import chase.carbon.SignalKind;
import chase.carbon.TimeBounds;
import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.Year;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/** One number as one line of JSON, and back without loss. */
public final class IntensityJson {
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  private IntensityJson() {}

  /** The number as a line without a line break. */
  public static String line(CarbonIntensity sample) {
    return node(sample).toString();
  }

  /** The number as a JSON object. */
  public static ObjectNode node(CarbonIntensity sample) {
    ObjectNode node = JSON.createObjectNode();
    node.put("from", sample.validFrom().toString());
    node.put("to", sample.validTo().toString());
    node.put("grams_per_kwh", sample.value().value());
    node.put("margin", word(sample.kind().margin()));
    node.put("scope", word(sample.kind().scope()));
    node.put("origin", sample.provenance().label());
    write(sample.provenance(), node);
    node.put("provider", sample.provider());
    node.put("region", sample.region().code());
    node.put("published", sample.publishedAt().toString());
    node.put("fetched", sample.fetchedAt().toString());
    sample.modelDate().ifPresent(date -> node.put("model_date", date.toString()));
    if (!sample.via().isEmpty()) {
      ArrayNode via = node.putArray("via");
      sample.via().forEach(relay -> via.add(node(relay)));
    }
    return node;
  }

  /** A host that passes numbers on as a JSON object. */
  public static ObjectNode node(CarbonIntensity.Relay relay) {
    return JSON.createObjectNode().put("host", relay.host()).put("id", relay.id());
  }

  private static void write(Provenance origin, ObjectNode node) {
    switch (origin) {
      case Provenance.Measured m -> {}
      case Provenance.Estimated estimated -> node.put("method", estimated.method());
      case Provenance.ForecastByProvider forecast -> node.put("ahead", forecast.ahead().toString());
      case Provenance.ForecastByChase own -> {
        node.put("ahead", own.ahead().toString());
        node.put("model", own.model());
      }
      case Provenance.Static mean -> {
        node.put("year", mean.year().getValue());
        node.put("source", mean.source());
      }
      case Provenance.Replayed replayed -> node.put("recorded", replayed.recordedAt().toString());
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
    return parse(tree(line));
  }

  /** The number that an object holds; fails as {@link #parse(String)} does. */
  public static CarbonIntensity parse(JsonNode node) {
    JsonFields fields = new JsonFields(node);
    return new CarbonIntensity(
        new GramsPerKwh(fields.number("grams_per_kwh")),
        new SignalKind(
            fields.constant("margin", SignalKind.Margin.class),
            fields.constant("scope", SignalKind.EmissionScope.class)),
        origin(fields),
        SeriesKey.providerAsNow(fields.text("provider")),
        new Region(fields.text("region")),
        fields.instant("from"),
        fields.instant("to"),
        fields.instant("published"),
        fields.instant("fetched"),
        fields.optional("model_date").map(text -> fields.parsed("model_date", LocalDate::parse)),
        via(node.path("via")));
  }

  private static List<CarbonIntensity.Relay> via(JsonNode list) {
    return list.valueStream().map(IntensityJson::relay).toList();
  }

  /** The host that an object names; fails as {@link #parse(String)} does. */
  public static CarbonIntensity.Relay relay(JsonNode node) {
    JsonFields fields = new JsonFields(node);
    return new CarbonIntensity.Relay(fields.text("host"), fields.text("id"));
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

  private static Provenance origin(JsonFields fields) {
    String word = fields.text("origin");
    return switch (word) {
      case "measured" -> new Provenance.Measured();
      case "estimated" -> new Provenance.Estimated(fields.text("method"));
      case "forecast" -> new Provenance.ForecastByProvider(fields.duration("ahead"));
      case "own-forecast" ->
          new Provenance.ForecastByChase(fields.duration("ahead"), fields.text("model"));
      case "static" -> new Provenance.Static(fields.year("year"), fields.text("source"));
      case "replayed" -> new Provenance.Replayed(fields.instant("recorded"));
      default -> throw new IllegalArgumentException("origin: unknown: " + word);
    };
  }

  /** The fields of one line; each failure is an IllegalArgumentException that names its field. */
  public record JsonFields(JsonNode node) {
    private static final Duration LONGEST =
        Duration.between(TimeBounds.EARLIEST, TimeBounds.LATEST);

    public Optional<String> optional(String field) {
      return Optional.of(node.path(field)).filter(JsonNode::isTextual).map(JsonNode::textValue);
    }

    public String text(String field) {
      return optional(field)
          .orElseThrow(() -> new IllegalArgumentException(field + ": missing, or not a text"));
    }

    public double number(String field) {
      JsonNode value = node.path(field);
      if (!value.isNumber()) {
        throw new IllegalArgumentException(field + ": missing, or not a number");
      }
      return value.doubleValue();
    }

    public Instant instant(String field) {
      return parsed(field, text -> TimeBounds.checked(Instant.parse(text)));
    }

    /** A year of our own era. */
    public Year year(String field) {
      double year = number(field);
      if (!(year >= 1 && year <= 9999)) {
        throw new IllegalArgumentException(field + ": is no year: " + year);
      }
      return Year.of((int) year);
    }

    /** A time span of at most as many years as there are between the bounds of time. */
    public Duration duration(String field) {
      Duration duration = parsed(field, Duration::parse);
      if (duration.abs().compareTo(LONGEST) > 0) {
        throw new IllegalArgumentException(field + ": is too long: " + duration);
      }
      return duration;
    }

    public <T> T parsed(String field, Function<String, T> parser) {
      String text = text(field);
      try {
        return parser.apply(text);
      } catch (DateTimeException | ArithmeticException wrong) {
        throw new IllegalArgumentException(field + ": cannot be read: " + text, wrong);
      }
    }

    public <E extends Enum<E>> E constant(String field, Class<E> type) {
      String text = text(field);
      return Stream.of(type.getEnumConstants())
          .filter(constant -> constant.name().toLowerCase(Locale.ROOT).equals(text))
          .findFirst()
          .orElseThrow(() -> new IllegalArgumentException(field + ": unknown: " + text));
    }
  }
}
