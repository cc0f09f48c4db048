package chase.daemon.cli.manual;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Settings as a configuration in YAML, each with a comment on where it comes from. */
public final class SettingsText {
  private static final int COMMENT_COLUMN = 44;
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_./][A-Za-z0-9_./:+*-]*");

  private SettingsText() {}

  /**
   * One setting.
   *
   * @param key with all keys around it
   * @param value a text, number, truth or list of texts
   * @param source where it comes from
   */
  public record SettingLine(String key, Object value, String source) {}

  /** The configuration; keys of one section must follow each other. */
  public static String yaml(List<SettingLine> settings) {
    List<String> lines = new ArrayList<>();
    List<String> open = List.of();
    for (SettingLine setting : settings) {
      List<String> path = List.of(setting.key().split("\\.", -1));
      List<String> sections = path.subList(0, path.size() - 1);
      for (int depth = 0; depth < sections.size(); depth++) {
        boolean isOpen =
            open.size() > depth
                && open.subList(0, depth + 1).equals(sections.subList(0, depth + 1));
        if (!isOpen) {
          lines.add("  ".repeat(depth) + sections.get(depth) + ":");
        }
      }
      open = sections;
      String line = "  ".repeat(sections.size()) + path.getLast() + ": " + written(setting.value());
      lines.add(
          String.format(Locale.ROOT, "%-" + COMMENT_COLUMN + "s # %s", line, setting.source()));
    }
    return String.join("\n", lines);
  }

  private static String written(Object value) {
    return switch (value) {
      case List<?> list ->
          list.stream().map(SettingsText::written).collect(Collectors.joining(", ", "[", "]"));
      case Double number when number == Math.rint(number) && Math.abs(number) < 1e15 ->
          Long.toString(number.longValue());
      case String text when !PLAIN.matcher(text).matches() || text.endsWith(":") ->
          "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
      default -> value.toString();
    };
  }
}
