package chase.daemon.control;

import chase.daemon.text.Suggestions;
import chase.zeus.policy.SlowdownBound;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * The fields of a request's JSON object; every mistake is an {@link ApiException} that names it.
 */
final class RequestReader {
  private static final int LONGEST_SHOWN = 60;
  private final JsonNode object;

  private RequestReader(JsonNode object) {
    this.object = object;
  }

  /** Reads {@code text}, an object with no other fields than {@code known}. */
  static RequestReader read(JsonMapper mapper, String text, List<String> known) {
    JsonNode object = tree(mapper, text);
    if (!object.isObject()) {
      String found = object.isMissingNode() ? "nothing" : word(object);
      throw new ApiException(400, "wrong_type", "the body must be a JSON object, not " + found);
    }
    object.fieldNames().forEachRemaining(name -> requireKnown(name, known));
    return new RequestReader(object);
  }

  double number(String name) {
    JsonNode value = required(name);
    if (!value.isNumber()) {
      throw wrongType(name, "a number", value);
    }
    return value.doubleValue();
  }

  String text(String name) {
    JsonNode value = required(name);
    if (!value.isTextual()) {
      throw wrongType(name, "a string", value);
    }
    return value.textValue();
  }

  /** A number without a fraction, as far as 64 bits reach. */
  long whole(String name) {
    JsonNode value = required(name);
    if (!value.isIntegralNumber() || !value.canConvertToLong()) {
      throw wrongType(name, "a whole number", value);
    }
    return value.longValue();
  }

  List<String> texts(String name) {
    JsonNode value = required(name);
    if (!value.isArray() || !value.valueStream().allMatch(JsonNode::isTextual)) {
      throw wrongType(name, "an array of strings", value);
    }
    return value.valueStream().map(JsonNode::textValue).toList();
  }

  List<Integer> wholes(String name) {
    JsonNode value = required(name);
    if (!value.isArray()
        || !value
            .valueStream()
            .allMatch(item -> item.isIntegralNumber() && item.canConvertToInt())) {
      throw wrongType(name, "an array of whole numbers", value);
    }
    return value.valueStream().map(JsonNode::intValue).toList();
  }

  Optional<String> optionalText(String name) {
    return has(name) ? Optional.of(text(name)) : Optional.empty();
  }

  OptionalDouble optionalNumber(String name) {
    return has(name) ? OptionalDouble.of(number(name)) : OptionalDouble.empty();
  }

  /** A share, as a number or as a text such as {@code 3%}. */
  Optional<SlowdownBound> optionalBound(String name) {
    if (!has(name)) {
      return Optional.empty();
    }
    JsonNode value = required(name);
    if (!value.isNumber() && !value.isTextual()) {
      throw wrongType(name, "a number such as 0.03, or a string such as \"3%\"", value);
    }
    try {
      return Optional.of(
          value.isNumber()
              ? new SlowdownBound(value.doubleValue())
              : SlowdownBound.parse(value.textValue()));
    } catch (IllegalArgumentException e) {
      throw new ApiException(422, "bad_value", String.valueOf(e.getMessage()));
    }
  }

  OptionalLong optionalLong(String name) {
    return has(name) ? OptionalLong.of(whole(name)) : OptionalLong.empty();
  }

  OptionalInt optionalInt(String name) {
    if (!has(name)) {
      return OptionalInt.empty();
    }
    JsonNode value = required(name);
    if (!value.isIntegralNumber() || !value.canConvertToInt()) {
      throw wrongType(name, "a whole number of at most 31 bits", value);
    }
    return OptionalInt.of(value.intValue());
  }

  Optional<Boolean> optionalYes(String name) {
    if (!has(name)) {
      return Optional.empty();
    }
    JsonNode value = required(name);
    if (!value.isBoolean()) {
      throw wrongType(name, "true or false", value);
    }
    return Optional.of(value.booleanValue());
  }

  /** Whether the field is there and says that there is none of what it names. */
  boolean isNull(String name) {
    return object.path(name).isNull();
  }

  boolean has(String name) {
    return object.has(name);
  }

  /**
   * An object of texts; empty where there is no such field.
   *
   * @param kind what messages call one of them
   */
  Map<String, String> optionalTexts(String name, String kind) {
    Map<String, String> texts = new LinkedHashMap<>();
    optionalObject(name)
        .forEach((key, value) -> {
          if (!value.isTextual()) {
            throw badEntry(kind, key, "a string", value);
          }
          texts.put(key, value.textValue());
        });
    return texts;
  }

  /**
   * An object of numbers, finite or not; empty where there is no such field.
   *
   * @param kind what messages call one of them
   */
  Map<String, Double> optionalNumbers(String name, String kind) {
    Map<String, Double> numbers = new LinkedHashMap<>();
    optionalObject(name)
        .forEach((key, value) -> {
          if (!value.isNumber()) {
            throw badEntry(kind, key, "a finite number", value);
          }
          numbers.put(key, value.doubleValue());
        });
    return numbers;
  }

  private Map<String, JsonNode> optionalObject(String name) {
    if (!has(name)) {
      return Map.of();
    }
    JsonNode value = required(name);
    if (!value.isObject()) {
      throw wrongType(name, "an object", value);
    }
    Map<String, JsonNode> entries = new LinkedHashMap<>();
    value.properties().forEach(entry -> entries.put(entry.getKey(), entry.getValue()));
    return entries;
  }

  private static ApiException badEntry(String kind, String key, String expected, JsonNode found) {
    return new ApiException(
        422,
        "bad_value",
        "%s '%s' must be %s, not %s".formatted(kind, shown(key), expected, word(found)));
  }

  private static JsonNode tree(JsonMapper mapper, String text) {
    try {
      return mapper.readTree(text);
    } catch (JsonProcessingException e) {
      throw new ApiException(400, "bad_json", "the body is not JSON: " + where(e));
    }
  }

  private static String where(JsonProcessingException e) {
    String what = e.getOriginalMessage().lines().findFirst().orElse("unreadable");
    JsonLocation at = e.getLocation();
    return at == null
        ? what
        : String.format(
            Locale.ROOT, "line %d, column %d: %s", at.getLineNr(), at.getColumnNr(), what);
  }

  private static void requireKnown(String name, List<String> known) {
    if (!known.contains(name)) {
      throw new ApiException(
          400,
          "unknown_field",
          "unknown field '%s'; %s".formatted(shown(name), hint(shown(name), known)));
    }
  }

  private static String hint(String name, List<String> known) {
    return Suggestions.nearest(name, known)
        .map(near -> "did you mean '" + near + "'?")
        .orElse("known here: " + String.join(", ", known));
  }

  private static String shown(String name) {
    return name.length() <= LONGEST_SHOWN ? name : name.substring(0, LONGEST_SHOWN) + "...";
  }

  private JsonNode required(String name) {
    JsonNode value = object.path(name);
    if (value.isMissingNode()) {
      throw new ApiException(400, "missing_field", "field '%s' is missing".formatted(name));
    }
    return value;
  }

  private static ApiException wrongType(String name, String expected, JsonNode found) {
    return new ApiException(
        400, "wrong_type", "field '%s' must be %s, not %s".formatted(name, expected, word(found)));
  }

  private static String word(JsonNode node) {
    return switch (node.getNodeType()) {
      case ARRAY -> "an array";
      case OBJECT, POJO -> "an object";
      case STRING, BINARY -> "a string";
      case NUMBER -> "a number";
      case BOOLEAN -> "a boolean";
      case NULL, MISSING -> "null";
    };
  }
}
