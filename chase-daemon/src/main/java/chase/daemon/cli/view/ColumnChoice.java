package chase.daemon.cli.view;

import chase.daemon.text.Suggestions;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Which columns of a table are shown. */
public sealed interface ColumnChoice {
  /** Those for a terminal of 80 columns. */
  static ColumnChoice usual() {
    return new Usual();
  }

  /** The usual ones. */
  record Usual() implements ColumnChoice {}

  /** All of them, as wide as they are. */
  record All() implements ColumnChoice {}

  /** These, as wide as they are. */
  record Listed(List<String> keys) implements ColumnChoice {
    /** Copies the list. */
    public Listed {
      keys = List.copyOf(keys);
    }
  }

  /** Reads {@code wide}, or columns divided by commas. */
  static ColumnChoice parse(String text) {
    return text.equals("wide")
        ? new All()
        : new Listed(
            Arrays.stream(text.split(",", -1))
                .map(key -> key.strip().toLowerCase(Locale.ROOT))
                .toList());
  }

  /** What is wrong with it for a table of the columns {@code known}; empty when nothing is. */
  default Optional<String> fault(List<String> known) {
    return switch (this) {
      case Usual usual -> Optional.empty();
      case All all -> Optional.empty();
      case Listed(List<String> keys) ->
          keys.stream()
              .filter(key -> !known.contains(key))
              .findFirst()
              .map(key -> fault(key, known));
    };
  }

  private static String fault(String key, List<String> known) {
    String hint =
        Suggestions.nearest(key, known).map(near -> "; did you mean '" + near + "'?").orElse("");
    return "-o: no column is called '%s'%s (json, wide, or some of %s)"
        .formatted(key, hint, String.join(",", known));
  }
}
