package chase.carbon.record;

import chase.carbon.TimeBounds;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.Year;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/** The fields of one line; each failure is an IllegalArgumentException that names its field. */
public record Fields(JsonNode node) {
  private static final Duration LONGEST = Duration.between(TimeBounds.EARLIEST, TimeBounds.LATEST);

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
