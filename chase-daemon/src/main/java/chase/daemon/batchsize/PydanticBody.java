package chase.daemon.batchsize;

import chase.daemon.batchsize.PydanticBody.ValidationException.FieldError;
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
import java.util.Set;
import java.util.function.Function;

/**
 * The fields of a JSON body, read as leniently as Zeus's server reads them (pydantic 1): a number
 * may be in quotes, and unknown fields are ignored. Errors are collected and thrown together by
 * {@link #check}.
 */
public final class PydanticBody {
  /** Python writes NaN as a number; each field says whether it accepts one. */
  private static final JsonMapper MAPPER =
      JsonMapper.builder().enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS).build();

  private final JsonNode object;
  private final List<FieldError> errors = new ArrayList<>();

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
      throw bodyError("field required", "value_error.missing");
    }
    try {
      JsonNode object = MAPPER.readTree(text);
      if (object.isObject()) {
        return new PydanticBody(object);
      }
      throw bodyError("value is not a valid dict", "type_error.dict");
    } catch (JsonProcessingException e) {
      throw bodyError(e.getOriginalMessage(), "value_error.jsondecode");
    }
  }

  private static ValidationException bodyError(String message, String type) {
    return new ValidationException(List.of(new FieldError("body", "", message, type)));
  }

  /**
   * Throws every error so far.
   *
   * @throws ValidationException if there was any
   */
  public void check() {
    if (!errors.isEmpty()) {
      throw new ValidationException(errors);
    }
  }

  /** Adds an error unless {@code valid}. */
  void require(boolean valid, String field, String message) {
    if (!valid) {
      errors.add(new FieldError("body", field, message, "value_error"));
    }
  }

  /** Adds an error unless {@code value} is above {@code limit}. */
  void requireAbove(double value, double limit, String field) {
    if (!(value > limit)) {
      bound("ensure this value is greater than %s", "not_gt", field, limit);
    }
  }

  /** Adds an error unless {@code value} is {@code limit} or more. */
  void requireAtLeast(double value, double limit, String field) {
    if (!(value >= limit)) {
      bound("ensure this value is greater than or equal to %s", "not_ge", field, limit);
    }
  }

  /** Adds an error unless {@code value} is {@code limit} or less. */
  void requireAtMost(double value, double limit, String field) {
    if (!(value <= limit)) {
      bound("ensure this value is less than or equal to %s", "not_le", field, limit);
    }
  }

  private void bound(String message, String kind, String field, double limit) {
    String shown = limit == Math.rint(limit) ? Long.toString((long) limit) : "" + limit;
    errors.add(
        new FieldError(
            "body",
            field,
            String.format(Locale.ROOT, message, shown),
            "value_error.number." + kind,
            Optional.of(limit)));
  }

  boolean has(String field) {
    return object.has(field) && !object.get(field).isNull();
  }

  boolean isNull(String field) {
    return object.path(field).isNull();
  }

  /** A text, or a number as text. */
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

  double number(String field, double fallback) {
    return object.has(field) ? number(field) : fallback;
  }

  /** A whole number. */
  public int integer(String field) {
    return value(field, PydanticBody::asInt, "value is not a valid integer", "integer").orElse(0);
  }

  int integer(String field, int fallback) {
    return object.has(field) ? integer(field) : fallback;
  }

  long longInteger(String field) {
    return value(field, PydanticBody::asLong, "value is not a valid integer", "integer").orElse(0L);
  }

  boolean bool(String field, boolean fallback) {
    return object.has(field)
        ? value(field, PydanticBody::asBoolean, "value could not be parsed to a boolean", "bool")
            .orElse(fallback)
        : fallback;
  }

  List<Integer> integers(String field) {
    return value(field, PydanticBody::asInts, "value is not a valid list of integers", "list")
        .orElse(List.of());
  }

  private <T> Optional<T> value(
      String field, Function<JsonNode, Optional<T>> reader, String message, String type) {
    JsonNode node = object.path(field);
    if (node.isMissingNode()) {
      errors.add(new FieldError("body", field, "field required", "value_error.missing"));
      return Optional.empty();
    }
    if (node.isNull()) {
      errors.add(
          new FieldError(
              "body", field, "none is not an allowed value", "type_error.none.not_allowed"));
      return Optional.empty();
    }
    Optional<T> value = reader.apply(node);
    if (value.isEmpty()) {
      errors.add(new FieldError("body", field, message, "type_error." + type));
    }
    return value;
  }

  /** The words that Python writes for numbers, in any case. */
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
    // A number loses its fraction, as in Python; a text with a fraction is not an integer.
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

  /** A request with missing or invalid fields, as FastAPI reports it. */
  public static final class ValidationException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /**
     * One error, in the form of FastAPI (pydantic 1).
     *
     * @param place {@code body} or {@code query}
     * @param field the field; empty for the body as a whole
     * @param message what is wrong
     * @param type the kind of error, for programs
     * @param limit the bound that was crossed, where there is one
     */
    public record FieldError(
        String place, String field, String message, String type, Optional<Double> limit) {
      /** An error without a bound. */
      public FieldError(String place, String field, String message, String type) {
        this(place, field, message, type, Optional.empty());
      }
    }

    private final transient List<FieldError> errors;

    /** At least one error. */
    public ValidationException(List<FieldError> errors) {
      super(errors.getFirst().field() + ": " + errors.getFirst().message());
      this.errors = List.copyOf(errors);
    }

    /** {@code {"detail":[{"loc":["body","eta_knob"],"msg":"...","type":"..."}]}}. */
    public ObjectNode detail() {
      ObjectNode body = JsonNodeFactory.instance.objectNode();
      ArrayNode detail = body.putArray("detail");
      for (FieldError mistake : errors) {
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
