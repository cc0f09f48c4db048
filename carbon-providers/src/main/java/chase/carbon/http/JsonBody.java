package chase.carbon.http;

import chase.carbon.CarbonUnavailable;
import chase.carbon.CarbonUnavailable.FailureReason;
import chase.carbon.GramsPerKwh;
import chase.carbon.TimeBounds;
import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.TemporalAccessor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * A JSON object of a provider. A field that is absent or null is empty, unknown fields are ignored,
 * and a field of the wrong type is {@code MALFORMED} under its full name.
 */
public final class JsonBody {
  /** No grid reaches it: the dirtiest lignite plant stays near half of it. */
  public static final double IMPOSSIBLE_GRAMS = 3000;

  private static final int MAX_DIGITS = 40;

  private final ProviderResponse response;
  private final String path;
  private final JsonNode node;

  JsonBody(ProviderResponse response, String path, JsonNode node) {
    this.response = response;
    this.path = path;
    this.node = node;
  }

  /** A text. */
  public Optional<String> text(String field) throws CarbonUnavailable {
    return value(field, JsonNode::isTextual, "text").map(JsonNode::textValue);
  }

  /** A number, whole or not, infinite where it is too large; in quotes too, as some write it. */
  public Optional<Double> number(String field) throws CarbonUnavailable {
    Optional<JsonNode> value = raw(field);
    if (value.isEmpty()) {
      return Optional.empty();
    }
    double number = value.get().isNumber() ? value.get().doubleValue() : quoted(value.get());
    if (Double.isNaN(number)) {
      throw wrong(field, "a number");
    }
    return Optional.of(number);
  }

  private static double quoted(JsonNode text) {
    return text.isTextual() ? plainNumber(text.textValue()).orElse(Double.NaN) : Double.NaN;
  }

  /**
   * A number in plain digits, infinite where it is too large; empty for anything else, and for a
   * text of so many digits that reading them would take minutes.
   */
  public static Optional<Double> plainNumber(String text) {
    try {
      return text.length() > MAX_DIGITS
          ? Optional.empty()
          : Optional.of(new BigDecimal(text).doubleValue()); // Double would take 1d and NaN
    } catch (NumberFormatException notANumber) {
      return Optional.empty();
    }
  }

  /** True or false. */
  public Optional<Boolean> bool(String field) throws CarbonUnavailable {
    return value(field, JsonNode::isBoolean, "true or false").map(JsonNode::booleanValue);
  }

  /** A time in ISO 8601 with any offset, {@code Z} included. */
  public Optional<Instant> instant(String field) throws CarbonUnavailable {
    Optional<String> text = text(field);
    try {
      return text.map(t -> TimeBounds.checked(OffsetDateTime.parse(t).toInstant()));
    } catch (DateTimeException notATime) {
      throw wrong(field, "a time with an offset");
    }
  }

  /** A time in ISO 8601 that is meant in UTC and may leave out the offset. */
  public Optional<Instant> utc(String field) throws CarbonUnavailable {
    Optional<String> text = text(field);
    try {
      return text.map(t -> TimeBounds.checked(utcTime(t)));
    } catch (DateTimeException notATime) {
      throw wrong(field, "a time");
    }
  }

  private static Instant utcTime(String text) {
    TemporalAccessor time =
        DateTimeFormatter.ISO_DATE_TIME.parseBest(text, Instant::from, LocalDateTime::from);
    return time instanceof Instant instant
        ? instant
        : LocalDateTime.from(time).toInstant(ZoneOffset.UTC);
  }

  /** A list of numbers in their places; what is null, or no number, is empty. */
  public Optional<List<Optional<Double>>> numbers(String field) throws CarbonUnavailable {
    Optional<JsonNode> array = value(field, JsonNode::isArray, "a list");
    if (array.isEmpty()) {
      return Optional.empty();
    }
    List<Optional<Double>> items = new ArrayList<>();
    for (JsonNode item : array.get()) {
      double number = item.isNumber() ? item.doubleValue() : quoted(item);
      if (Double.isNaN(number) && !item.isNull()) {
        response.reportSkipped("a part of " + name(field) + " that is not a number");
      }
      items.add(Double.isNaN(number) ? Optional.empty() : Optional.of(number));
    }
    return Optional.of(items);
  }

  /** A list of texts; items of another type are left out. */
  public Optional<List<String>> texts(String field) throws CarbonUnavailable {
    Optional<JsonNode> array = value(field, JsonNode::isArray, "a list");
    if (array.isEmpty()) {
      return Optional.empty();
    }
    List<String> items = new ArrayList<>();
    for (JsonNode item : array.get()) {
      if (item.isTextual()) {
        items.add(item.textValue());
      } else {
        response.reportSkipped("a part of " + name(field) + " that is not text");
      }
    }
    return Optional.of(items);
  }

  /** The names of all fields. */
  public List<String> names() {
    return node.propertyStream().map(Map.Entry::getKey).toList();
  }

  /** An object. */
  public Optional<JsonBody> object(String field) throws CarbonUnavailable {
    return value(field, JsonNode::isObject, "an object")
        .map(child -> new JsonBody(response, name(field), child));
  }

  /** A list of objects; items of another type are left out. */
  public Optional<List<JsonBody>> objects(String field) throws CarbonUnavailable {
    Optional<JsonNode> array = value(field, JsonNode::isArray, "a list");
    if (array.isEmpty()) {
      return Optional.empty();
    }
    List<JsonBody> items = new ArrayList<>();
    int place = 0;
    for (JsonNode item : array.get()) {
      String itsName = name(field) + "[" + place + "]";
      if (item.isObject()) {
        items.add(new JsonBody(response, itsName, item));
      } else {
        response.reportSkipped("the answer's " + itsName + " is not an object");
      }
      place++;
    }
    if (items.isEmpty() && place > 0) {
      throw wrong(field, "a list of objects");
    }
    return Optional.of(items);
  }

  /** A field beside the value: where it is unreadable it is left out and the value is kept. */
  public <T> Optional<T> optionalPart(PartReader<T> part) {
    try {
      return part.read();
    } catch (CarbonUnavailable unreadable) {
      response.reportSkipped(unreadable);
      return Optional.empty();
    }
  }

  /**
   * Reads one part of a body.
   *
   * @param <T> what it is
   */
  public interface PartReader<T> {
    /** The part; empty where it is not there. */
    Optional<T> read() throws CarbonUnavailable;
  }

  /** The field as the provider wrote it, whatever its type. */
  public Optional<JsonNode> raw(String field) {
    return Optional.of(node.path(field)).filter(n -> !n.isMissingNode() && !n.isNull());
  }

  /** All of it as the provider wrote it. */
  public JsonNode node() {
    return node;
  }

  /** The provider's own error text: one line, shortened, without secrets. */
  public String errorText() {
    return response.errorText();
  }

  /** The failure for a field that must be there and is not, to be thrown by the caller. */
  public CarbonUnavailable missing(String field) {
    return unavailable(FailureReason.MALFORMED, "the answer lacks " + name(field));
  }

  /** As {@link ProviderResponse#notForNow}. */
  public CarbonUnavailable notForNow(String what, Instant now) {
    return response.notForNow(what, now);
  }

  /**
   * The intensity of so many gCO2/kWh; whether a zero is a missing number shows beside others.
   *
   * @throws CarbonUnavailable as {@code IMPLAUSIBLE} when no grid can emit it
   */
  public GramsPerKwh intensity(double grams) throws CarbonUnavailable {
    return response.intensity(grams);
  }

  /** The response that it is a part of. */
  ProviderResponse response() {
    return response;
  }

  /** A failure to be thrown by the caller; its line begins with provider and region. */
  public CarbonUnavailable unavailable(FailureReason reason, String what) {
    return response.unavailable(reason, what);
  }

  private Optional<JsonNode> value(String field, Predicate<JsonNode> fits, String type)
      throws CarbonUnavailable {
    Optional<JsonNode> value = raw(field);
    if (value.isPresent() && !fits.test(value.get())) {
      throw wrong(field, type);
    }
    return value;
  }

  private CarbonUnavailable wrong(String field, String type) {
    return unavailable(FailureReason.MALFORMED, "the answer's " + name(field) + " is not " + type);
  }

  private String name(String field) {
    return path.isEmpty() ? field : path + "." + field;
  }
}
