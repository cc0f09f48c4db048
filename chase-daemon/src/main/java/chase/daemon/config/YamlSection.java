package chase.daemon.config;

import chase.carbon.PlainLine;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/** The keys of one mapping of a YAML file, each with its line. */
final class YamlSection {
  private final String file;
  private final String path;
  private final int line;
  private final Set<String> ignored;
  private final Map<String, YamlEntry> entries = new LinkedHashMap<>();

  private YamlSection(String file, String path, int line, Set<String> ignored) {
    this.ignored = ignored;
    this.file = file;
    this.path = path;
    this.line = line;
  }

  /** A key's value and the line of the key. */
  private record YamlEntry(int line, Node value) {}

  /**
   * The keys at the top of {@code text}; none for an empty text.
   *
   * @param ignored keys that are taken for absent, with all keys around them
   * @throws ConfigException that names {@code file} and the line of the mistake
   */
  static YamlSection parse(String file, String text, Set<String> ignored) throws ConfigException {
    YamlSection top = new YamlSection(file, "", 1, ignored);
    Optional<Node> root = document(file, text);
    if (root.isPresent() && !isNull(root.get())) {
      if (!(root.get() instanceof MappingNode mapping)) {
        throw new ConfigException(file + ":" + line(root.get()) + ": expected keys with values");
      }
      top.addAll(mapping);
    }
    return top;
  }

  private static Optional<Node> document(String file, String text) throws ConfigException {
    try {
      Iterator<Node> documents =
          new Yaml(new SafeConstructor(new LoaderOptions()))
              .composeAll(new StringReader(text))
              .iterator();
      Optional<Node> first = documents.hasNext() ? Optional.of(documents.next()) : Optional.empty();
      if (documents.hasNext()) {
        throw new ConfigException(
            file + ":" + line(documents.next()) + ": a second YAML document begins here");
      }
      return first;
    } catch (MarkedYAMLException e) {
      String where = e.getProblemMark() == null ? "" : ":" + (e.getProblemMark().getLine() + 1);
      throw new ConfigException(file + where + ": not valid YAML: " + firstLine(e.getProblem()));
    } catch (YAMLException e) {
      throw new ConfigException(file + ": not valid YAML: " + firstLine(e.getMessage()));
    }
  }

  private static String firstLine(@Nullable String text) {
    return text == null ? "unreadable" : text.lines().findFirst().orElse("");
  }

  private void addAll(MappingNode mapping) throws ConfigException {
    for (NodeTuple tuple : mapping.getValue()) {
      int itsLine = line(tuple.getKeyNode());
      if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
        throw new ConfigException(file + ":" + itsLine + ": a key must be a word");
      }
      YamlEntry entry = new YamlEntry(itsLine, tuple.getValueNode());
      if (ignored.contains(path(key.getValue()))) {
        continue;
      }
      if (entries.put(key.getValue(), entry) != null) {
        throw new ConfigException(
            path(key.getValue()), location(key.getValue()) + " stands there a second time");
      }
    }
  }

  private static int line(Node node) {
    return node.getStartMark().getLine() + 1;
  }

  private static boolean isNull(Node node) {
    return node.getTag().equals(Tag.NULL);
  }

  Set<String> keys() {
    return entries.keySet();
  }

  boolean has(String key) {
    return entries.containsKey(key);
  }

  /** This section's key with all keys around it; nothing for the top. */
  String path() {
    return path;
  }

  /** The line of a key, with the file; empty where it is absent. */
  Optional<String> origin(String key) {
    return Optional.ofNullable(entries.get(key)).map(entry -> file + ":" + entry.line());
  }

  /** A key with all keys around it. */
  String path(String key) {
    return path.isEmpty() ? key : path + "." + key;
  }

  /** Where this section stands, such as {@code gpu in chase.yaml:12}; the file for its top. */
  String location() {
    return path.isEmpty() ? file : path + " in " + file + ":" + line;
  }

  /** Where a key stands; at this section's line where it is absent. */
  String location(String key) {
    return PlainLine.shown(path(key)) + " in " + file + ":" + line(key);
  }

  private int line(String key) {
    YamlEntry entry = entries.get(key);
    return entry == null ? line : entry.line();
  }

  /** The keys below {@code key}; none where it is absent or empty. */
  YamlSection section(String key) throws ConfigException {
    YamlSection section = new YamlSection(file, path(key), line(key), ignored);
    YamlEntry entry = entries.get(key);
    if (entry != null && !isNull(entry.value())) {
      if (!(entry.value() instanceof MappingNode mapping)) {
        throw new ConfigException(path(key), location(key) + " must hold keys with values");
      }
      section.addAll(mapping);
    }
    return section;
  }

  /**
   * The text of a key; empty where it is absent.
   *
   * @param expected what it must be, for messages
   */
  Optional<String> text(String key, String expected) throws ConfigException {
    YamlEntry entry = entries.get(key);
    return entry == null ? Optional.empty() : Optional.of(text(key, entry.value(), expected));
  }

  /** The texts of a list; a single text is a list of one. Empty where the key is absent. */
  Optional<List<String>> texts(String key) throws ConfigException {
    YamlEntry entry = entries.get(key);
    if (entry == null || !(entry.value() instanceof SequenceNode sequence)) {
      return text(key, "a list").map(List::of);
    }
    List<String> texts = new ArrayList<>();
    for (Node item : sequence.getValue()) {
      texts.add(text(key, item, "a list of words"));
    }
    return Optional.of(texts);
  }

  private String text(String key, Node value, String expected) throws ConfigException {
    if (!(value instanceof ScalarNode scalar)) {
      throw new ConfigException(
          path(key), location(key) + " has keys or a list, expected " + expected);
    }
    if (isNull(value) || scalar.getValue().isBlank()) {
      throw new ConfigException(path(key), location(key) + " has no value, expected " + expected);
    }
    return scalar.getValue();
  }
}
