package chase.daemon.config;

import chase.carbon.Region;
import chase.daemon.text.Durations;
import chase.zeus.policy.PowerPolicy;
import chase.zeus.unit.Watts;
import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * One key of a configuration, as it is in force.
 *
 * @param key with all keys around it, such as {@code gpu.floor-ratio}
 * @param value as the configuration writes it: a text, a number, a truth or a list of texts
 * @param source where it comes from: file and line, a variable, or {@code default}
 */
public record ConfigSetting(String key, Object value, String source) {
  private static final String SOCKET = "control.socket";
  private static final String DEFAULT = "default";

  /** Every key of {@code config} that has a value, in the order of the example configuration. */
  static List<ConfigSetting> all(ChaseConfig config, YamlSection file, boolean socketInEnvironment)
      throws ConfigException {
    List<ConfigSetting> all = new ArrayList<>();
    add(all, config, file);
    return all.stream()
        .map(one ->
            one.key.equals(SOCKET) && one.source.equals(DEFAULT) && socketInEnvironment
                ? new ConfigSetting(one.key, one.value, "$CHASE_SOCKET")
                : one)
        .toList();
  }

  /** The value in force, which another one in the file will only replace on a restart. */
  ConfigSetting keptUntilRestart() {
    String said = source.equals(DEFAULT) ? "the file has the default" : source + " differs";
    return new ConfigSetting(key, value, "kept until a restart; " + said);
  }

  /** The value of every key that has one, in the order of the example configuration. */
  static Map<String, Object> values(ChaseConfig config) {
    try {
      Map<String, Object> values = new LinkedHashMap<>();
      all(config, YamlSection.parse("", "", Set.of()), false)
          .forEach(one -> values.put(one.key, one.value));
      return values;
    } catch (ConfigException e) {
      throw new IllegalStateException("nothing is wrong in an empty file", e);
    }
  }

  private static void add(List<ConfigSetting> all, Record section, YamlSection keys)
      throws ConfigException {
    for (RecordComponent component : section.getClass().getRecordComponents()) {
      String key = key(component.getName());
      Object value = value(section, component);
      if (value instanceof Optional<?> optional) {
        if (optional.isEmpty()) {
          continue;
        }
        value = optional.get();
      }
      switch (value) {
        case SecretSource.InFile secret ->
            all.add(setting(keys, key + "-file", secret.path().toString()));
        case SecretSource.InVariable secret -> all.add(setting(keys, key + "-env", secret.name()));
        case Map<?, ?> chosen -> {
          for (Map.Entry<?, ?> entry : new TreeMap<>(chosen).entrySet()) {
            all.add(
                setting(keys.section(key), entry.getKey().toString(), entry.getValue().toString()));
          }
        }
        case Record inner when inner.getClass().getSimpleName().endsWith("Config") ->
            add(all, inner, keys.section(key));
        default -> all.add(setting(keys, key, written(value)));
      }
    }
  }

  private static ConfigSetting setting(YamlSection keys, String key, Object value) {
    return new ConfigSetting(keys.path(key), value, keys.origin(key).orElse(DEFAULT));
  }

  /** {@code callDeadline} is the key {@code call-deadline}. */
  static String key(String component) {
    return component.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
  }

  static Object value(Record section, RecordComponent component) {
    try {
      return component.getAccessor().invoke(section);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("every component has an accessor", e);
    }
  }

  private static Object written(Object value) {
    return switch (value) {
      case Boolean flag -> flag;
      case Integer number -> number;
      case Double number -> number;
      case Watts watts -> watts.value();
      case Duration duration ->
          duration.toMillisPart() == 0
              ? Durations.format(duration)
              : (duration.toSeconds() == 0 ? "" : Durations.format(duration))
                  + duration.toMillisPart()
                  + "ms";
      case PowerPolicy policy -> policy.spec();
      case Region region -> region.code();
      case Enum<?> word -> word.name().toLowerCase(Locale.ROOT).replace('_', '-');
      case List<?> list -> list.stream().map(each -> written(each).toString()).toList();
      case Path path -> path.toString();
      default -> value.toString();
    };
  }
}
