package chase.daemon.config;

import java.io.StringReader;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.Tag;

/** Reads a YAML text as nodes that know their line. */
final class YamlText {
  private YamlText() {}

  /**
   * The keys at the top of {@code text}; none for an empty text.
   *
   * @throws ConfigException that names {@code file} and the line of the mistake
   */
  static Section section(String file, String text, ConfigContext origin) throws ConfigException {
    Optional<Node> root = root(file, text);
    if (root.isEmpty() || root.get().getTag().equals(Tag.NULL)) {
      return Section.of(new KeyLocation(file, "", 1), List.of(), origin);
    }
    if (!(root.get() instanceof MappingNode mapping)) {
      throw new ConfigException(file + ":" + line(root.get()) + ": expected keys with values");
    }
    return Section.of(new KeyLocation(file, "", 1), mapping.getValue(), origin);
  }

  /** The line of a node, counted from 1. */
  static int line(Node node) {
    return node.getStartMark().getLine() + 1;
  }

  private static Optional<Node> root(String file, String text) throws ConfigException {
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
      throw new ConfigException(file + where + ": not valid YAML: " + oneLine(e.getProblem()));
    } catch (YAMLException e) {
      throw new ConfigException(file + ": not valid YAML: " + oneLine(e.getMessage()));
    }
  }

  private static String oneLine(@Nullable String text) {
    return text == null ? "unreadable" : text.lines().findFirst().orElse("");
  }
}
