package chase.daemon.config;

import static org.assertj.core.api.Assertions.assertThat;

import chase.daemon.fixtures.Repository;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * {@code docs/configuration.md} is made of the configuration's records (type, default, when a
 * change counts) and of the comments in {@code config/chase.yaml} (what a key does, its range).
 * With {@code -Dchase.docs=write} it is written anew, and otherwise compared.
 */
class ConfigurationPageTest {
  private static final Path PAGE = Repository.root().resolve("docs/configuration.md");
  private static final Pattern KEY =
      Pattern.compile("( *)#?([a-z][a-z-]*):(?: [^#]*?)?(?:  # (.*))?");
  private static final Pattern RANGE = Pattern.compile("\\S+ to \\S+");
  private static final int INDENTATION = 2;

  private record Documented(Optional<String> range, String text) {}

  @Test
  void thePageIsMadeOfTheRecordsAndTheExample() throws Exception {
    String page = page();
    if ("write".equals(System.getProperty("chase.docs"))) {
      Files.writeString(PAGE, page);
    }
    assertThat(Repository.text(PAGE))
        .as(
            "mvn -pl chase-daemon -am test -Dtest=ConfigurationPageTest -Dchase.docs=write"
                + " -Dsurefire.failIfNoSpecifiedTests=false writes it anew")
        .isEqualTo(page);
  }

  private static String page() throws Exception {
    Map<String, Documented> documented = documented();
    Map<String, Object> defaults =
        ConfigSetting.values(ChaseConfig.parse("empty", "", Path.of(""), Map.of()));
    Map<String, RecordComponent> keys = new TreeMap<>();
    addKeys(ChaseConfig.class, "", keys);
    Set<String> order = documented.keySet();
    List<String> lines = new ArrayList<>();
    lines.add("# Configuration");
    lines.add("");
    lines.add(
        "Every key of `/etc/chase/chase.yaml`, in its order. `chase config check` finds what is"
            + " wrong,");
    lines.add(
        "`chase config show` prints what is in force and where it comes from. An unknown key is an"
            + " error.");
    lines.add(
        "*Reload*: `chase reload` applies a change ([reload](reload.md)); *restart*: it takes a"
            + " restart.");
    lines.add(
        "Times are written `500ms`, `30s`, `5m`, `2h`, `7d`; paths begin at the file's directory.");
    lines.add("");
    lines.add(
        "<!-- This page is generated from config/chase.yaml and the configuration's records: change"
            + " those. -->");
    String section = "-";
    for (String key : order) {
      if (!keys.containsKey(key)) {
        continue;
      }
      String top = key.contains(".") ? key.substring(0, key.indexOf('.')) : "";
      if (!top.equals(section)) {
        section = top;
        lines.add("");
        lines.add("## " + (top.isEmpty() ? "At the top: " + key : top));
        String about = top.isEmpty() ? "" : text(documented, top);
        if (!about.isEmpty()) {
          lines.add("");
          lines.add(about);
        }
        lines.add("");
        lines.add("| key | type | default | range | counts on | what it does |");
        lines.add("|---|---|---|---|---|---|");
      }
      lines.add(row(key, keys.get(key), defaults, documented));
    }
    return String.join("\n", lines) + "\n";
  }

  private static String row(
      String key,
      RecordComponent component,
      Map<String, Object> defaults,
      Map<String, Documented> documented) {
    Object value = defaults.get(key);
    return "| `%s` | %s | %s | %s | %s | %s |"
        .formatted(
            key,
            type(component.getGenericType()),
            value == null ? "none" : "`" + value + "`",
            Optional.ofNullable(documented.get(key)).flatMap(Documented::range).orElse(""),
            ConfigChanges.momentOf(key) == TakesEffect.Moment.ON_RELOAD ? "reload" : "restart",
            within(documented, key).replace("|", "\\|"));
  }

  /**
   * What a key does; in a section of its own, what that section is about comes first. Where a key
   * has no comment, its name means what it means in the first section beside it that says so.
   */
  private static String within(Map<String, Documented> documented, String key) {
    String owner = key.substring(0, Math.max(0, key.lastIndexOf('.')));
    String about = owner.contains(".") ? text(documented, owner) : "";
    String own = text(documented, key);
    if (own.isEmpty() && key.endsWith("-env")) {
      own = "The environment variable that holds it, in place of the file.";
    } else if (own.isEmpty() && about.isEmpty()) {
      own =
          documented.keySet().stream()
              .filter(other -> name(other).equals(name(key)) && depth(other) == depth(key))
              .map(other -> text(documented, other))
              .filter(text -> !text.isEmpty())
              .findFirst()
              .orElse("");
    }
    String text = (about + " " + own).strip();
    assertThat(text).as("config/chase.yaml does not explain " + key).isNotEmpty();
    return text;
  }

  private static String name(String key) {
    return key.substring(key.lastIndexOf('.') + 1);
  }

  private static int depth(String key) {
    return key.split("\\.", -1).length;
  }

  private static String text(Map<String, Documented> documented, String key) {
    return Optional.ofNullable(documented.get(key)).map(Documented::text).orElse("");
  }

  private static String type(Type type) {
    if (type instanceof ParameterizedType list) {
      Type of = list.getActualTypeArguments()[0];
      return list.getRawType() == Optional.class
          ? type(of)
          : list.getRawType() == List.class ? "list: " + type(of) : "file by name";
    }
    Class<?> simple = (Class<?>) type;
    if (simple.isEnum()) {
      return Arrays.stream(simple.getEnumConstants())
          .map(word -> ((Enum<?>) word).name().toLowerCase(Locale.ROOT).replace('_', '-'))
          .map(word -> "`" + word + "`")
          .collect(Collectors.joining(", "));
    }
    return switch (simple.getSimpleName()) {
      case "Duration" -> "time";
      case "double", "Double", "Watts" -> "number";
      case "int", "Integer" -> "whole number";
      case "boolean" -> "`true`, `false`";
      case "Path" -> "path";
      case "URI", "HttpUrl", "BaseUrl" -> "address";
      case "PowerPolicy" -> "policy";
      case "Instant" -> "instant";
      case "SecretSource" -> "place of a secret";
      default -> "text";
    };
  }

  private static void addKeys(Class<?> type, String path, Map<String, RecordComponent> keys) {
    for (RecordComponent component : type.getRecordComponents()) {
      String key = path + ConfigSetting.key(component.getName());
      Class<?> of = component.getType();
      if (of.isRecord() && of.getPackageName().equals(ChaseConfig.class.getPackageName())) {
        addKeys(of, key + ".", keys);
      } else if (component.getGenericType() instanceof ParameterizedType optional
          && optional.getActualTypeArguments()[0] == SecretSource.class) {
        keys.put(key + "-file", component);
        keys.put(key + "-env", component);
      } else {
        keys.put(key, component);
      }
    }
  }

  /** Comments above a key, and behind it, in the order of the example. */
  private static Map<String, Documented> documented() {
    Map<String, Documented> found = new LinkedHashMap<>();
    List<String> path = new ArrayList<>();
    List<String> comment = new ArrayList<>();
    for (String line :
        Repository.text(Repository.root().resolve("config/chase.yaml")).lines().toList()) {
      Matcher key = KEY.matcher(line);
      if (line.strip().startsWith("# ")) {
        comment.add(line.strip().substring(2));
      } else if (key.matches()) {
        int depth = key.group(1).length() / INDENTATION;
        path.subList(Math.min(depth, path.size()), path.size()).clear();
        path.add(key.group(2));
        Optional<String> behind = Optional.ofNullable(key.group(3));
        behind.filter(text -> !RANGE.matcher(text).matches()).ifPresent(comment::add);
        found.put(
            String.join(".", path),
            new Documented(
                behind.filter(text -> RANGE.matcher(text).matches()), String.join(" ", comment)));
        comment.clear();
      } else {
        comment.clear();
      }
    }
    return found;
  }
}
