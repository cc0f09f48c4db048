package chase.daemon.config;

import chase.carbon.PlainLine;
import chase.carbon.Region;
import chase.carbon.TimeBounds;
import chase.daemon.text.Durations;
import chase.daemon.text.Suggestions;
import java.net.URI;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Currency;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Reads the keys of one section, each with its default and its range, and refuses all others. What
 * cannot be becomes one line that names the key, the file and the line.
 *
 * <p>Nothing here is reflective: records bound by Jackson, or by their components, took a tenth
 * more time from the start to the first answer.
 */
final class ConfigReader {
  private final YamlSection yaml;
  private final Path directory;
  private final Set<String> known = new LinkedHashSet<>();

  private ConfigReader(YamlSection yaml, Path directory) {
    this.yaml = yaml;
    this.directory = directory;
  }

  /**
   * A reader of the keys at the top of {@code text}.
   *
   * @param file what messages call the file
   * @param directory where relative paths begin
   * @param ignored keys that are taken for absent
   * @throws ConfigException with one line, when the text is no YAML of keys with values
   */
  static ConfigReader of(String file, String text, Path directory, Set<String> ignored)
      throws ConfigException {
    return new ConfigReader(YamlSection.parse(file, text, ignored), directory);
  }

  /** Makes a section of the configuration from its keys. */
  interface Maker<T> {
    /** Throws {@link IllegalArgumentException} when the values contradict each other. */
    T make(ConfigReader keys) throws ConfigException;
  }

  /** What {@code maker} makes of the keys here, once each of them is known. */
  <T> T read(Maker<T> maker) throws ConfigException {
    try {
      T made = maker.make(this);
      refuseUnknown();
      return made;
    } catch (RefusedKey e) {
      refuseUnknown();
      throw new ConfigException(yaml.path(e.key), yaml.location(e.key) + ": " + e.getMessage());
    } catch (IllegalArgumentException e) {
      refuseUnknown();
      throw new ConfigException(yaml.path(), yaml.location() + ": " + e.getMessage());
    }
  }

  /** What {@code maker} makes of the keys below {@code key}; of none where it is absent. */
  <T> T section(String key, Maker<T> maker) throws ConfigException {
    known.add(key);
    return new ConfigReader(yaml.section(key), directory).read(maker);
  }

  private void refuseUnknown() throws ConfigException {
    for (String key : yaml.keys()) {
      if (!known.contains(key)) {
        String hint =
            Suggestions.nearest(key, known)
                .map(near -> "did you mean " + yaml.path(near) + "?")
                .orElse("known here: " + String.join(", ", known));
        throw new ConfigException(
            yaml.path(key), "unknown key " + yaml.location(key) + "; " + hint);
      }
    }
  }

  /**
   * Refuses a key of older versions with the one that has taken its place, unless it says what
   * counts anyhow, as in the file that an older version installed.
   */
  void moved(String key, String otherwise, String now) throws ConfigException {
    if (yaml.has(key) && !text(key).equals(Optional.of(otherwise))) {
      throw new ConfigException(yaml.path(key), yaml.location(key) + " is now " + now);
    }
  }

  Optional<String> text(String key) throws ConfigException {
    return value(key, "a text", Function.identity());
  }

  /** A path; a relative one begins where the file lies. */
  Optional<Path> path(String key) throws ConfigException {
    return value(key, "a path", directory::resolve);
  }

  /** A path for each key below {@code key}, which the user chooses. */
  Map<String, Path> paths(String key) throws ConfigException {
    return section(
        key,
        chosen -> {
          Map<String, Path> paths = new LinkedHashMap<>();
          for (String name : chosen.yaml.keys()) {
            paths.put(name, chosen.path(name).orElseThrow());
          }
          return paths;
        });
  }

  /**
   * A region.
   *
   * @param expected what the provider calls it
   */
  Optional<Region> region(String key, String expected) throws ConfigException {
    return value(key, expected, Region::new);
  }

  URI address(String key, URI otherwise) throws ConfigException {
    return value(key, "a web address", URI::create).orElse(otherwise);
  }

  Optional<URI> address(String key) throws ConfigException {
    return value(key, "a web address", URI::create);
  }

  /** A list of addresses; empty where the key is absent. */
  List<URI> addresses(String key) throws ConfigException {
    List<URI> found = new ArrayList<>();
    for (String text : texts(key, List.of())) {
      found.add(parsed(key, text, "a web address", URI::create));
    }
    return found;
  }

  Currency currency(String key, Currency otherwise) throws ConfigException {
    return value(key, "an ISO 4217 currency such as EUR", Currency::getInstance).orElse(otherwise);
  }

  boolean flag(String key, boolean otherwise) throws ConfigException {
    return value(key, "true or false", ConfigReader::flag).orElse(otherwise);
  }

  private static boolean flag(String text) {
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new IllegalArgumentException(text);
    };
  }

  int integer(String key, int otherwise, String min, String max) throws ConfigException {
    return ranged(key, "a whole number", Integer::valueOf, min, max).orElse(otherwise);
  }

  double number(String key, double otherwise, String min, String max) throws ConfigException {
    return number(key, min, max).orElse(otherwise);
  }

  Optional<Double> number(String key, String min, String max) throws ConfigException {
    return ranged(key, "a number", Double::valueOf, min, max);
  }

  /** A number that something is divided by: a tiny or a huge one is a slip of the exponent. */
  Optional<Double> divisor(String key) throws ConfigException {
    return number(key, "0.001", "1000000");
  }

  Duration duration(String key, Duration otherwise, String min, String max) throws ConfigException {
    return ranged(key, Durations.EXPECTED, Durations::parseUnbounded, min, max).orElse(otherwise);
  }

  /** A time in a recording. */
  Optional<Instant> recordedTime(String key) throws ConfigException {
    return ranged(
        key,
        "a time such as 2021-01-01T00:00:00Z",
        Instant::parse,
        TimeBounds.EARLIEST.toString(),
        TimeBounds.LATEST.toString());
  }

  /** One of an enum's constants, in lower case with dashes. */
  <E extends Enum<E>> E word(String key, E otherwise) throws ConfigException {
    Words<E> words = new Words<>(otherwise.getDeclaringClass());
    return value(key, words.expected(), words::parse).orElse(otherwise);
  }

  /** A list of an enum's constants; empty where the key is absent. */
  <E extends Enum<E>> List<E> words(String key, Class<E> type) throws ConfigException {
    Words<E> words = new Words<>(type);
    List<E> found = new ArrayList<>();
    for (String text : texts(key, List.of())) {
      found.add(parsed(key, text, words.expected(), words::parse));
    }
    return found;
  }

  List<String> texts(String key, List<String> otherwise) throws ConfigException {
    known.add(key);
    return yaml.texts(key).orElse(otherwise);
  }

  /** What a parser makes of a text whose own refusal says all that there is to say. */
  <T> Optional<T> parsed(String key, Function<String, T> parser) throws ConfigException {
    Optional<String> text = text(key);
    try {
      return text.map(parser);
    } catch (IllegalArgumentException e) {
      throw new ConfigException(yaml.path(key), yaml.location(key) + ": " + e.getMessage());
    }
  }

  /** Where the secret {@code key} is kept; the secret itself in its place is refused. */
  Optional<SecretSource> secret(String key) throws ConfigException {
    String file = key + "-file";
    String variable = key + "-env";
    if (yaml.has(key)) {
      throw new ConfigException(
          yaml.path(key),
          "%s: a secret must not stand in this file; use %s or %s"
              .formatted(yaml.location(key), file, variable));
    }
    Optional<SecretSource> inFile =
        path(file).map(path -> new SecretSource.InFile(yaml.path(file), path));
    Optional<SecretSource> inVariable =
        text(variable).map(name -> new SecretSource.InVariable(yaml.path(variable), name));
    if (inFile.isPresent() && inVariable.isPresent()) {
      throw new ConfigException(
          yaml.path(variable),
          yaml.location(variable) + ": use either " + file + " or " + variable);
    }
    return inFile.or(() -> inVariable);
  }

  private <T extends Comparable<T>> Optional<T> ranged(
      String key, String expected, Function<String, T> parser, String min, String max)
      throws ConfigException {
    Optional<T> value = value(key, expected, parser);
    // Not a number is above every maximum.
    if (value.isPresent()
        && (value.get().compareTo(parser.apply(min)) < 0
            || value.get().compareTo(parser.apply(max)) > 0)) {
      throw new ConfigException(
          yaml.path(key),
          "%s must be from %s to %s, not %s"
              .formatted(
                  yaml.location(key), min, max, PlainLine.shown(text(key).orElseThrow().strip())));
    }
    return value;
  }

  private <T> Optional<T> value(String key, String expected, Function<String, T> parser)
      throws ConfigException {
    known.add(key);
    Optional<String> text = yaml.text(key, expected);
    return text.isPresent()
        ? Optional.of(parsed(key, text.get(), expected, parser))
        : Optional.empty();
  }

  private <T> T parsed(String key, String text, String expected, Function<String, T> parser)
      throws ConfigException {
    try {
      return parser.apply(text);
    } catch (IllegalArgumentException | DateTimeException e) {
      throw new ConfigException(
          yaml.path(key),
          yaml.location(key) + ": " + PlainLine.quote(text) + " is not " + expected);
    }
  }

  /** An enum's constants as the configuration writes them. */
  private record Words<E extends Enum<E>>(Class<E> type) {
    String expected() {
      List<String> all = new ArrayList<>();
      for (E constant : type.getEnumConstants()) {
        all.add(word(constant));
      }
      return "one of " + String.join(", ", all);
    }

    E parse(String text) {
      for (E constant : type.getEnumConstants()) {
        if (word(constant).equals(text)) {
          return constant;
        }
      }
      throw new IllegalArgumentException(text);
    }

    private static String word(Enum<?> constant) {
      return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /** A section's refusal of one of its keys, whose line is the better one to name. */
  static final class RefusedKey extends IllegalArgumentException {
    private final String key;

    RefusedKey(String key, String message) {
      super(message);
      this.key = key;
    }
  }
}
