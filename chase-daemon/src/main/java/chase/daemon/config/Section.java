package chase.daemon.config;

import chase.daemon.text.Durations;
import chase.daemon.text.Suggestions;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * The keys of one mapping. Asking for a key makes it known; {@link #build} refuses the keys that
 * nobody asked for.
 */
final class Section {
  private final KeyLocation place;
  private final ConfigContext origin;
  private final Map<String, KeyEntry> entries;
  private final Set<String> known = new LinkedHashSet<>();

  private record KeyEntry(KeyLocation place, Node value) {}

  private Section(KeyLocation place, ConfigContext origin, Map<String, KeyEntry> entries) {
    this.place = place;
    this.origin = origin;
    this.entries = entries;
  }

  static Section of(KeyLocation place, List<NodeTuple> tuples, ConfigContext origin)
      throws ConfigException {
    Map<String, KeyEntry> entries = new LinkedHashMap<>();
    for (NodeTuple tuple : tuples) {
      int line = YamlText.line(tuple.getKeyNode());
      if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
        throw new ConfigException(place.file() + ":" + line + ": a key must be a word");
      }
      KeyLocation itsPlace = place.key(key.getValue(), line);
      if (entries.put(key.getValue(), new KeyEntry(itsPlace, tuple.getValueNode())) != null) {
        throw new ConfigException(itsPlace + " stands there a second time");
      }
    }
    return new Section(place, origin, entries);
  }

  Map<String, String> environment() {
    return origin.environment();
  }

  /** The keys below {@code key}; none where it is absent or empty. */
  Section section(String key) throws ConfigException {
    Optional<KeyEntry> entry = entry(key);
    if (entry.isEmpty() || isEmpty(entry.get())) {
      return of(place.key(key, place.line()), List.of(), origin);
    }
    if (!(entry.get().value() instanceof MappingNode mapping)) {
      throw new ConfigException(entry.get().place() + " must hold keys with values");
    }
    return of(entry.get().place(), mapping.getValue(), origin);
  }

  /** Every key of this section with its path, for sections whose keys the user chooses. */
  Map<String, Path> paths() throws ConfigException {
    Map<String, Path> paths = new LinkedHashMap<>();
    for (String key : entries.keySet()) {
      paths.put(key, path(key).orElseThrow());
    }
    return paths;
  }

  /** What {@code parser} makes of the key's text; its refusal becomes ours. */
  <T> Optional<T> value(String key, String expected, Function<String, T> parser)
      throws ConfigException {
    Optional<KeyEntry> entry = entry(key);
    return entry.isEmpty()
        ? Optional.empty()
        : Optional.of(parsed(entry.get().place(), text(entry.get(), expected), expected, parser));
  }

  /** Like {@link #value}, for parsers whose refusal says all that there is to say. */
  <T> Optional<T> parsedBy(String key, Function<String, T> parser) throws ConfigException {
    Optional<String> text = text(key);
    try {
      return text.map(parser);
    } catch (IllegalArgumentException e) {
      throw new ConfigException(at(key) + ": " + e.getMessage());
    }
  }

  Optional<String> text(String key) throws ConfigException {
    return value(key, "a text", Function.identity());
  }

  Optional<Path> path(String key) throws ConfigException {
    return value(key, "a path", text -> origin.directory().resolve(text));
  }

  Duration duration(String key, Duration otherwise, Range<Duration> range) throws ConfigException {
    return inRange(key, Durations.EXPECTED, Durations::parseUnbounded, range).orElse(otherwise);
  }

  double number(String key, double otherwise, Range<Double> range) throws ConfigException {
    return number(key, range).orElse(otherwise);
  }

  Optional<Double> number(String key, Range<Double> range) throws ConfigException {
    return inRange(key, "a number", Double::valueOf, range);
  }

  int integer(String key, int otherwise, Range<Integer> range) throws ConfigException {
    return inRange(key, "a whole number", Integer::valueOf, range).orElse(otherwise);
  }

  Optional<Instant> instant(String key, Range<Instant> range) throws ConfigException {
    return inRange(key, "a time such as 2021-01-01T00:00:00Z", Instant::parse, range);
  }

  private <T extends Comparable<T>> Optional<T> inRange(
      String key, String expected, Function<String, T> parser, Range<T> range)
      throws ConfigException {
    Optional<T> value = value(key, expected, parser);
    if (value.isPresent() && !range.contains(value.get())) {
      throw new ConfigException(
          at(key) + " must be " + range + ", not " + text(key).orElseThrow().strip());
    }
    return value;
  }

  boolean flag(String key, boolean otherwise) throws ConfigException {
    return value(key, "true or false", Section::truth).orElse(otherwise);
  }

  /** One of an enum's words, written in lower case with dashes. */
  <E extends Enum<E>> E word(String key, E otherwise) throws ConfigException {
    List<E> all = List.of(otherwise.getDeclaringClass().getEnumConstants());
    String expected = "one of " + String.join(", ", all.stream().map(Section::wordOf).toList());
    return value(key, expected, text -> ofWord(all, text)).orElse(otherwise);
  }

  /** A list of an enum's words; none where the key is absent. */
  <E extends Enum<E>> List<E> wordList(String key, Class<E> type) throws ConfigException {
    List<E> all = List.of(type.getEnumConstants());
    String expected = "one of " + String.join(", ", all.stream().map(Section::wordOf).toList());
    List<E> found = new ArrayList<>();
    for (String word : words(key, List.of())) {
      found.add(parsed(at(key), word, expected, text -> ofWord(all, text)));
    }
    return found;
  }

  /** A list of words; a single word counts as a list of one. */
  List<String> words(String key, List<String> otherwise) throws ConfigException {
    Optional<KeyEntry> entry = entry(key);
    if (entry.isEmpty() || !(entry.get().value() instanceof SequenceNode sequence)) {
      return value(key, "a list", List::of).orElse(otherwise);
    }
    List<String> words = new ArrayList<>();
    for (Node item : sequence.getValue()) {
      words.add(text(new KeyEntry(entry.get().place(), item), "a list of words"));
    }
    return words;
  }

  /** Where the secret {@code key} is kept; the secret itself in its place is refused. */
  Optional<SecretSource> secret(String key) throws ConfigException {
    String file = key + "-file";
    String variable = key + "-env";
    if (entries.containsKey(key)) {
      throw new ConfigException(
          at(key) + ": a secret must not stand in this file; use " + file + " or " + variable);
    }
    Optional<SecretSource> inFile =
        path(file).map(path -> new SecretSource.InFile(place.key(file, 0).path(), path));
    Optional<SecretSource> inVariable =
        text(variable)
            .map(name -> new SecretSource.InVariable(place.key(variable, 0).path(), name));
    if (inFile.isPresent() && inVariable.isPresent()) {
      throw new ConfigException(at(variable) + ": use either " + file + " or " + variable);
    }
    return inFile.or(() -> inVariable);
  }

  /** What {@code maker} makes, once every key here is known; its refusal names this section. */
  <T> T build(Supplier<T> maker) throws ConfigException {
    refuseUnknown();
    try {
      return maker.get();
    } catch (IllegalArgumentException e) {
      throw refusal(String.valueOf(e.getMessage()));
    }
  }

  /** A refusal of something here that only becomes wrong by what stands elsewhere. */
  ConfigException refusal(String message) {
    return new ConfigException(place + ": " + message);
  }

  /** Refuses the keys that nobody asked for. */
  void refuseUnknown() throws ConfigException {
    for (Map.Entry<String, KeyEntry> entry : entries.entrySet()) {
      if (!known.contains(entry.getKey())) {
        throw new ConfigException(unknown(entry.getKey(), entry.getValue().place()));
      }
    }
  }

  private String unknown(String key, KeyLocation itsPlace) {
    String hint =
        Suggestions.nearest(key, known)
            .map(near -> "did you mean " + place.key(near, 0).path() + "?")
            .orElse("known here: " + String.join(", ", known));
    return "unknown key " + itsPlace + "; " + hint;
  }

  private KeyLocation at(String key) {
    return Optional.ofNullable(entries.get(key)).map(KeyEntry::place).orElse(place);
  }

  private Optional<KeyEntry> entry(String key) {
    known.add(key);
    return Optional.ofNullable(entries.get(key));
  }

  private static boolean isEmpty(KeyEntry entry) {
    return entry.value().getTag().equals(Tag.NULL);
  }

  private static String text(KeyEntry entry, String expected) throws ConfigException {
    if (entry.value() instanceof ScalarNode scalar
        && !scalar.getValue().isBlank()
        && !isEmpty(entry)) {
      return scalar.getValue();
    }
    String found = entry.value() instanceof ScalarNode ? "has no value" : "has keys or a list";
    throw new ConfigException(entry.place() + " " + found + ", expected " + expected);
  }

  private static <T> T parsed(
      KeyLocation at, String text, String expected, Function<String, T> parser)
      throws ConfigException {
    try {
      return parser.apply(text);
    } catch (IllegalArgumentException | DateTimeException e) {
      throw new ConfigException(at + ": '" + text + "' is not " + expected);
    }
  }

  private static boolean truth(String text) {
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new IllegalArgumentException(text);
    };
  }

  private static String wordOf(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static <E extends Enum<E>> E ofWord(List<E> all, String text) {
    return all.stream()
        .filter(constant -> wordOf(constant).equals(text))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException(text));
  }
}
