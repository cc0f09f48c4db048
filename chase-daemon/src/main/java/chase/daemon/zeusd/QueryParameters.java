package chase.daemon.zeusd;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpServerRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/** The query string of a request; every mistake is a 400 that names it. */
final class QueryParameters {
  private static final long MAX_NUMBER = 0xFFFF_FFFFL;

  private final MultiMap parameters;

  private QueryParameters(MultiMap parameters) {
    this.parameters = parameters;
  }

  /** Reads a query with no other parameters than {@code known}, each at most once. */
  static QueryParameters of(HttpServerRequest request, String... known) {
    MultiMap parameters = parameters(request);
    List<String> names = List.of(known);
    for (Map.Entry<String, String> parameter : parameters) {
      if (!names.contains(parameter.getKey())) {
        throw bad(
            "unknown field `%s`, expected one of: %s"
                .formatted(parameter.getKey(), String.join(", ", names)));
      }
      if (parameters.getAll(parameter.getKey()).size() > 1) {
        throw bad("duplicate field `%s`".formatted(parameter.getKey()));
      }
    }
    return new QueryParameters(parameters);
  }

  private static MultiMap parameters(HttpServerRequest request) {
    try {
      return request.params();
    } catch (IllegalArgumentException e) {
      throw bad("the query cannot be decoded: " + e.getMessage());
    }
  }

  /** Device indices, ascending and each once; empty when the parameter is not there. */
  Optional<List<Integer>> devices(String name, String device) {
    return Optional.ofNullable(parameters.get(name)).map(text -> indices(name, device, text));
  }

  /** Device indices, ascending and each once. */
  List<Integer> requiredDevices(String name, String device) {
    return indices(name, device, required(name));
  }

  private static List<Integer> indices(String name, String device, String text) {
    if (text.isBlank()) {
      throw bad("%s must contain at least one %s index".formatted(name, device));
    }
    TreeSet<Integer> indices = new TreeSet<>();
    for (String part : text.split(",", -1)) {
      if (part.isBlank()) {
        throw bad("%s contains an empty %s index".formatted(name, device));
      }
      try {
        indices.add(Integer.parseUnsignedInt(part.strip()));
      } catch (NumberFormatException e) {
        throw bad("Invalid %s index: %s".formatted(device, part.strip()));
      }
    }
    if (indices.first() < 0) {
      throw bad("Invalid %s index: %s".formatted(device, text));
    }
    return new ArrayList<>(indices);
  }

  boolean flag(String name) {
    return switch (required(name)) {
      case "true" -> true;
      case "false" -> false;
      default -> throw bad("field `%s` is invalid: not `true` or `false`".formatted(name));
    };
  }

  /** A whole number of 32 bits without a sign. */
  long number(String name) {
    String text = required(name);
    try {
      long number = Long.parseLong(text);
      if (number >= 0 && number <= MAX_NUMBER) {
        return number;
      }
    } catch (NumberFormatException e) {
      throw bad("field `%s` is an invalid number: %s".formatted(name, text));
    }
    throw bad(
        String.format(
            Locale.ROOT,
            "field `%s` is an invalid number, not in 0 to %d: %s",
            name,
            MAX_NUMBER,
            text));
  }

  private String required(String name) {
    String text = parameters.get(name);
    if (text == null) {
      throw bad("missing field `%s`".formatted(name));
    }
    return text;
  }

  private static ZeusdReplies.ZeusdException bad(String message) {
    return ZeusdReplies.ZeusdException.of(400, message);
  }
}
