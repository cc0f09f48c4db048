package chase.daemon.config;

import chase.daemon.config.TakesEffect.Moment;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of the configuration in force when another one is read.
 *
 * @param inForce what counts from then on: the new values, but the old ones of keys that take a
 *     restart
 * @param changes every key that differs, in the order of the example configuration
 */
public record ConfigChanges(ChaseConfig inForce, List<ConfigChange> changes) {
  /** Copies the list. */
  public ConfigChanges {
    changes = List.copyOf(changes);
  }

  /**
   * A key whose value differs.
   *
   * @param key with all keys around it
   * @param before the value in force, as the configuration writes it; empty for none. Of a secret
   *     only its place
   * @param after the value that is wanted
   * @param onReload whether it counts at once; else the value in force stays until a restart
   */
  public record ConfigChange(
      String key, Optional<Object> before, Optional<Object> after, boolean onReload) {
    /** The change in words, such as {@code gpu.floor-ratio 0.6 -> 0.5}. */
    public String text() {
      return "%s %s -> %s".formatted(key, shown(before), shown(after));
    }

    private static String shown(Optional<Object> value) {
      return value.map(Object::toString).orElse("(none)");
    }
  }

  /**
   * The changes from {@code running} to {@code wanted}.
   *
   * @throws ConfigException when keys that count at once contradict those that take a restart
   */
  public static ConfigChanges between(ChaseConfig running, ChaseConfig wanted)
      throws ConfigException {
    Map<String, Object> before = ConfigSetting.values(running);
    Map<String, Object> after = ConfigSetting.values(wanted);
    Set<String> keys = new LinkedHashSet<>(before.keySet());
    keys.addAll(after.keySet());
    List<ConfigChange> changes = new ArrayList<>();
    for (String key : keys) {
      Optional<Object> old = Optional.ofNullable(before.get(key));
      Optional<Object> next = Optional.ofNullable(after.get(key));
      if (!old.equals(next)) {
        changes.add(new ConfigChange(key, old, next, momentOf(key) == Moment.ON_RELOAD));
      }
    }
    return new ConfigChanges(merged(running, wanted, changes), changes);
  }

  /** Those that count at once. */
  public List<ConfigChange> applied() {
    return changes.stream().filter(ConfigChange::onReload).toList();
  }

  /** Those that wait for a restart. */
  public List<ConfigChange> waiting() {
    return changes.stream().filter(change -> !change.onReload()).toList();
  }

  /** Whether {@code key}, or one below it, changes at once. */
  public boolean touches(String key) {
    return applied().stream()
        .anyMatch(one -> one.key().equals(key) || one.key().startsWith(key + "."));
  }

  /** The change of a secret whose place is the same; {@code key} names the place. */
  public static ConfigChange newSecret(String key) {
    boolean secret = !key.equals(HttpConfig.CA_FILE);
    return new ConfigChange(
        key,
        Optional.of(secret ? "(a secret)" : "(certificates)"),
        Optional.of(secret ? "(another secret)" : "(other certificates)"),
        momentOf(key) == Moment.ON_RELOAD);
  }

  /** Where each secret of {@code config} is kept, by the key that says so. */
  public static Map<String, SecretSource> secrets(ChaseConfig config) {
    Map<String, SecretSource> secrets = new LinkedHashMap<>();
    addSecrets("", config, secrets);
    return secrets;
  }

  private static void addSecrets(String path, Record section, Map<String, SecretSource> secrets) {
    for (RecordComponent component : section.getClass().getRecordComponents()) {
      String key = path + ConfigSetting.key(component.getName());
      Object value = ConfigSetting.value(section, component);
      if (value instanceof Record inner && isSection(component)) {
        addSecrets(key + ".", inner, secrets);
      } else if (value instanceof Optional<?> optional
          && optional.isPresent()
          && optional.get() instanceof SecretSource secret) {
        secrets.put(secret.key(), secret);
      }
    }
  }

  private static ChaseConfig merged(
      ChaseConfig running, ChaseConfig wanted, List<ConfigChange> changes) throws ConfigException {
    try {
      return merged("", running, wanted, Optional.empty());
    } catch (IllegalArgumentException e) {
      List<String> waiting =
          changes.stream().filter(one -> !one.onReload()).map(ConfigChange::key).toList();
      throw new ConfigException(
          "%s; this follows from keys that take a restart (%s): restart the daemon instead"
              .formatted(e.getMessage(), String.join(", ", waiting)));
    }
  }

  private static <T extends Record> T merged(
      String path, T running, T wanted, Optional<Moment> around) {
    RecordComponent[] components = running.getClass().getRecordComponents();
    @Nullable Object[] values = new @Nullable Object[components.length];
    for (int i = 0; i < components.length; i++) {
      Optional<Moment> moment = moment(components[i]).or(() -> around);
      Object old = ConfigSetting.value(running, components[i]);
      Object next = ConfigSetting.value(wanted, components[i]);
      if (old instanceof Record inner && isSection(components[i])) {
        String own = path + ConfigSetting.key(components[i].getName());
        values[i] = merged(own + ".", inner, (Record) next, moment);
      } else {
        values[i] = moment.orElse(Moment.ON_RESTART) == Moment.ON_RELOAD ? next : old;
      }
    }
    return made(path, running, components, values);
  }

  @SuppressWarnings("unchecked") // the class of a T
  private static <T extends Record> T made(
      String path, T like, RecordComponent[] components, @Nullable Object[] values) {
    Class<?>[] types = Stream.of(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
    try {
      Constructor<?> constructor = like.getClass().getDeclaredConstructor(types);
      return (T) constructor.newInstance(values);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof IllegalArgumentException contradiction) {
        throw new IllegalArgumentException(
            path.replaceFirst("\\.$", ": ") + contradiction.getMessage(), contradiction);
      }
      throw new IllegalStateException("a section was not made", e);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("every section has its canonical constructor", e);
    }
  }

  /** When a change of {@code key} counts; on a restart where nothing says it. */
  static Moment momentOf(String key) {
    return momentOf(ChaseConfig.class, "", key).orElse(Moment.ON_RESTART);
  }

  private static Optional<Moment> momentOf(Class<?> section, String path, String key) {
    for (RecordComponent component : section.getRecordComponents()) {
      String own = path + ConfigSetting.key(component.getName());
      boolean secret = key.equals(own + "-file") || key.equals(own + "-env");
      if (key.equals(own) || secret || key.startsWith(own + ".")) {
        Optional<Moment> inner =
            isSection(component) ? momentOf(component.getType(), own + ".", key) : Optional.empty();
        return inner.or(() -> moment(component));
      }
    }
    return Optional.empty();
  }

  private static Optional<Moment> moment(RecordComponent component) {
    return Optional.ofNullable(component.getAnnotation(TakesEffect.class)).map(TakesEffect::value);
  }

  static boolean isSection(RecordComponent component) {
    return component.getType().isRecord() && component.getType().getSimpleName().endsWith("Config");
  }
}
