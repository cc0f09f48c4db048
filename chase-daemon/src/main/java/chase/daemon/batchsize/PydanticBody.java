package chase.daemon.batchsize;

import chase.daemon.batchsize.PydanticBody.ValidationException.Mistake;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.Function;

/**
 * The fields of a JSON body, read as leniently as Zeus's server reads them (pydantic 1): a number
 * may stand in quotes, and fields that nobody asks for are passed over. Mistakes are collected and
 * told together by {@link #check}.
 */
public final class PydanticBody {
  /** Python writes a NaN as it is; what is to be made of it is for the fields to say. */
  private static final JsonMapper MAPPER =
      JsonMapper.builder().enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS).build();

  private final JsonNode object;
  private final List<Mistake> mistakes = new ArrayList<>();

  private PydanticBody(JsonNode object) {
    this.object = object;
  }

  /**
   * Reads a body.
   *
   * @throws ValidationException unless it is a JSON object
   */
  public static PydanticBody read(String text) {
    if (text.isBlank()) {
      throw whole("field required", "value_error.missing");
    }
    try {
      JsonNode object = MAPPER.readTree(text);
      if (object.isObject()) {
        return new PydanticBody(object);
      }
      throw whole("value is not a valid dict", "type_error.dict");
    } catch (JsonProcessingException e) {
      throw whole(e.getOriginalMessage(), "value_error.jsondecode");
    }
  }

  private static ValidationException whole(String message, String type) {
    return new ValidationException(List.of(new Mistake("body", "", message, type)));
  }

  /**
   * Tells every mistake so far.
   *
   * @throws ValidationException if there was any
   */
  public void check() {
    if (!mistakes.isEmpty()) {
      throw new ValidationException(mistakes);
    }
  }

  /** Notes a mistake unless {@code fine}. */
  void require(boolean fine, String field, String otherwise) {
    if (!fine) {
      mistakes.add(new Mistake("body", field, otherwise, "value_error"));
    }
  }

  /** Notes a mistake unless {@code value} is above {@code limit}. */
  void requireAbove(double value, double limit, String field) {
    if (!(value > limit)) {
      bound("ensure this value is greater than %s", "not_gt", field, limit);
    }
  }

  /** Notes a mistake unless {@code value} is {@code limit} or more. */
  void requireAtLeast(double value, double limit, String field) {
    if (!(value >= limit)) {
      bound("ensure this value is greater than or equal to %s", "not_ge", field, limit);
    }
  }

  /** Notes a mistake unless {@code value} is {@code limit} or less. */
  void requireAtMost(double value, double limit, String field) {
    if (!(value <= limit)) {
      bound("ensure this value is less than or equal to %s", "not_le", field, limit);
    }
  }

  private void bound(String message, String kind, String field, double limit) {
    String shown = limit == Math.rint(limit) ? Long.toString((long) limit) : "" + limit;
    mistakes.add(
        new Mistake(
            "body",
            field,
            String.format(Locale.ROOT, message, shown),
            "value_error.number." + kind,
            OptionalDouble.of(limit)));
  }

  boolean has(String field) {
    return object.has(field) && !object.get(field).isNull();
  }

  boolean isNull(String field) {
    return object.path(field).isNull();
  }

  public String text(String field) {
    return value(field, PydanticBody::asText, "str type expected", "str").orElse("");
  }

  /** A number, which may be a NaN or infinite. */
  public double anyNumber(String field) {
    return value(field, PydanticBody::asNumber, "value is not a valid float", "float").orElse(0d);
  }

  double number(String field) {
    double number = anyNumber(field);
    if (!Double.isFinite(number)) {
      require(false, field, "ensure this value is a finite number");
      return 0;
    }
    return number;
  }

  double number(String field, double otherwise) {
    return object.has(field) ? number(field) : otherwise;
  }

  public int whole(String field) {
    return value(field, PydanticBody::asInt, "value is not a valid integer", "integer").orElse(0);
  }

  int whole(String field, int otherwise) {
    return object.has(field) ? whole(field) : otherwise;
  }

  long longInteger(String field) {
    return value(field, PydanticBody::asLong, "value is not a valid integer", "integer").orElse(0L);
  }

  boolean bool(String field, boolean otherwise) {
    return object.has(field)
        ? value(field, PydanticBody::asBoolean, "value could not be parsed to a boolean", "bool")
            .orElse(otherwise)
        : otherwise;
  }

  List<Integer> integers(String field) {
    return value(field, PydanticBody::asInts, "value is not a valid list of integers", "list")
        .orElse(List.of());
  }

  private <T> Optional<T> value(
      String field, Function<JsonNode, Optional<T>> reading, String message, String type) {
    JsonNode node = object.path(field);
    if (node.isMissingNode()) {
      mistakes.add(new Mistake("body", field, "field required", "value_error.missing"));
      return Optional.empty();
    }
    if (node.isNull()) {
      mistakes.add(
          new Mistake(
              "body", field, "none is not an allowed value", "type_error.none.not_allowed"));
      return Optional.empty();
    }
    Optional<T> value = reading.apply(node);
    if (value.isEmpty()) {
      mistakes.add(new Mistake("body", field, message, "type_error." + type));
    }
    return value;
  }

  /** What Python writes in words, in any case. */
  private static final Map<String, Double> NUMBER_WORDS =
      Map.of(
          "nan", Double.NaN,
          "inf", Double.POSITIVE_INFINITY,
          "infinity", Double.POSITIVE_INFINITY,
          "-inf", Double.NEGATIVE_INFINITY,
          "-infinity", Double.NEGATIVE_INFINITY);

  private static final Set<String> YES = Set.of("1", "on", "t", "true", "y", "yes");
  private static final Set<String> NO = Set.of("0", "off", "f", "false", "n", "no");

  private static Optional<String> asText(JsonNode node) {
    return node.isTextual() || node.isNumber() ? Optional.of(node.asText()) : Optional.empty();
  }

  private static Optional<Double> asNumber(JsonNode node) {
    if (node.isNumber()) {
      return Optional.of(node.doubleValue());
    }
    if (node.isBoolean()) {
      return Optional.of(node.booleanValue() ? 1.0 : 0.0);
    }
    if (!node.isTextual()) {
      return Optional.empty();
    }
    String text = node.textValue().strip();
    Double word = NUMBER_WORDS.get(text.toLowerCase(Locale.ROOT));
    try {
      return Optional.of(word == null ? Double.valueOf(text) : word);
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  private static Optional<Long> asLong(JsonNode node) {
    if (node.isIntegralNumber()) {
      return node.canConvertToLong() ? Optional.of(node.longValue()) : Optional.empty();
    }
    // A number loses its fraction, as in Python; a text with one is no whole number.
    return asNumber(node)
        .filter(number -> Math.abs(number) < 1L << 53)
        .filter(number -> !node.isTextual() || number == Math.rint(number))
        .map(Double::longValue);
  }

  private static Optional<Integer> asInt(JsonNode node) {
    return asLong(node).filter(number -> number == number.intValue()).map(Long::intValue);
  }

  private static Optional<Boolean> asBoolean(JsonNode node) {
    String word = node.isValueNode() ? node.asText().toLowerCase(Locale.ROOT) : "";
    return YES.contains(word)
        ? Optional.of(true)
        : NO.contains(word) ? Optional.of(false) : Optional.empty();
  }

  private static Optional<List<Integer>> asInts(JsonNode node) {
    List<Integer> all = new ArrayList<>();
    for (JsonNode item : node) {
      asInt(item).ifPresent(all::add);
    }
    return node.isArray() && all.size() == node.size() ? Optional.of(all) : Optional.empty();
  }

  /** A request that does not say what it must; each mistake with the place where it is. */
  public static final class ValidationException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /**
     * One mistake, as FastAPI tells it (pydantic 1).
     *
     * @param place where it was looked for: {@code body} or {@code query}
     * @param field the field; empty for the body as a whole
     * @param message what is wrong
     * @param type the kind of mistake, for programs
     * @param limit the bound that was crossed, where there is one
     */
    public record Mistake(
        String place, String field, String message, String type, OptionalDouble limit) {
      public Mistake(String place, String field, String message, String type) {
        this(place, field, message, type, OptionalDouble.empty());
      }
    }

    private final transient List<Mistake> mistakes;

    public ValidationException(List<Mistake> mistakes) {
      super(mistakes.getFirst().field() + ": " + mistakes.getFirst().message());
      this.mistakes = List.copyOf(mistakes);
    }

    /** {@code {"detail":[{"loc":["body","eta_knob"],"msg":"...","type":"..."}]}}. */
    public ObjectNode detail() {
      ObjectNode body = JsonNodeFactory.instance.objectNode();
      ArrayNode detail = body.putArray("detail");
      for (Mistake mistake : mistakes) {
        ObjectNode entry = detail.addObject();
        ArrayNode location = entry.putArray("loc").add(mistake.place());
        if (!mistake.field().isEmpty()) {
          location.add(mistake.field());
        }
        entry.put("msg", mistake.message()).put("type", mistake.type());
        mistake.limit().ifPresent(limit -> entry.putObject("ctx").put("limit_value", limit));
      }
      return body;
    }
  }
}
