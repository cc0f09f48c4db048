package chase.carbon.record;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/** The fields of one line; each failure is an IllegalArgumentException that names its field. */
record Fields(JsonNode node) {
  Optional<String> optional(String field) {
    return Optional.of(node.path(field)).filter(JsonNode::isTextual).map(JsonNode::textValue);
  }

  String text(String field) {
    return optional(field)
        .orElseThrow(() -> new IllegalArgumentException(field + ": missing, or not a text"));
  }

  double number(String field) {
    JsonNode value = node.path(field);
    if (!value.isNumber()) {
      throw new IllegalArgumentException(field + ": missing, or not a number");
    }
    return value.doubleValue();
  }

  Instant instant(String field) {
    return parsed(field, Instant::parse);
  }

  <T> T parsed(String field, Function<String, T> parser) {
    String text = text(field);
    try {
      return parser.apply(text);
    } catch (DateTimeException wrong) {
      throw new IllegalArgumentException(field + ": cannot be read: " + text, wrong);
    }
  }

  <E extends Enum<E>> E constant(String field, Class<E> type) {
    String text = text(field);
    return Stream.of(type.getEnumConstants())
        .filter(constant -> constant.name().toLowerCase(Locale.ROOT).equals(text))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException(field + ": unknown: " + text));
  }
}
