package chase.daemon.config;

import static org.assertj.core.api.Assertions.assertThat;

import chase.zeus.engine.SafetyRules;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;

/** The configuration that is installed documents every key, with the code's default but for one. */
class ExampleConfigTest {
  private static final Path EXAMPLE = Path.of("..", "config", "chase.yaml");

  /** Who changes nothing starts by watching; a file without the key means what it always meant. */
  @Test
  void theExampleObservesAndElseMeansTheDefaults() throws Exception {
    ChaseConfig example = ChaseConfig.load(EXAMPLE, Map.of());
    assertThat(example)
        .isEqualTo(ChaseConfig.parse("empty", "mode: observe", Path.of(""), Map.of()));
    assertThat(ChaseConfig.parse("empty", "", Path.of(""), Map.of()).mode())
        .isEqualTo(SafetyRules.Mode.CONTROL);
  }

  @Test
  void theExampleHasEveryKeyAndNoOther() throws Exception {
    assertThat(writtenKeys(new Yaml().load(uncommented()), ""))
        .containsExactlyInAnyOrderElementsOf(keysOf(ChaseConfig.class, ""));
  }

  @Test
  void everyKeyWithADefaultIsWrittenOut() throws Exception {
    Set<String> written = writtenKeys(new Yaml().load(Files.readString(EXAMPLE)), "");
    Set<String> commented = new TreeSet<>(writtenKeys(new Yaml().load(uncommented()), ""));
    commented.removeAll(written);
    assertThat(commented)
        .containsExactlyInAnyOrder(
            "gpu.library",
            "metrics.tls.certificate",
            "metrics.tls.key",
            "metrics.token-file",
            "metrics.token-env",
            "batch-sizes.zeus-api.tls.certificate",
            "batch-sizes.zeus-api.tls.key",
            "batch-sizes.zeus-api.token-file",
            "batch-sizes.zeus-api.token-env",
            "http.proxy",
            "http.ca-file",
            "http.proxy-password-file",
            "http.proxy-password-env",
            "gpu.profile",
            "carbon.region",
            "carbon.country",
            "carbon.reference",
            "carbon.electricity-maps.region",
            "carbon.watttime.region",
            "carbon.watttime.latitude",
            "carbon.watttime.longitude",
            "carbon.neso.region",
            "carbon.energinet.region",
            "carbon.fuel-mix.base-url",
            "carbon.fuel-mix.region",
            "carbon.pjm.region",
            "carbon.pjm.key-file",
            "carbon.pjm.key-env",
            "carbon.chase.region",
            "carbon.chase.token-file",
            "carbon.chase.token-env",
            "carbon.energy-charts.region",
            "carbon.odre.region",
            "price.energinet.region",
            "price.energy-charts.region",
            "carbon.electricity-maps.token-file",
            "carbon.electricity-maps.token-env",
            "carbon.watttime.username-file",
            "carbon.watttime.username-env",
            "carbon.watttime.password-file",
            "carbon.watttime.password-env",
            "carbon.trace.file",
            "carbon.trace.start",
            "profiling.step-watts",
            "access.audit.file",
            "batch-sizes.database",
            "batch-sizes.user-file",
            "batch-sizes.user-env",
            "batch-sizes.password-file",
            "batch-sizes.password-env",
            "price.region",
            "price.reference",
            "price.trace.file",
            "price.trace.start");
  }

  @Test
  void everyCommentedKeyWouldBeAcceptedWithItsValue() throws Exception {
    String oneSecretEach = uncommented().replaceAll("(?m)^ *[\\w-]+-env:.*\n", "");
    ChaseConfig all = ChaseConfig.parse("all", oneSecretEach, Path.of("/etc"), Map.of());
    assertThat(all.carbon().provider()).isEqualTo(CarbonConfig.CarbonProviderName.NONE);
    assertThat(all.carbon().trace().start()).isPresent();
  }

  /** A value that no range holds is tried for each key; the refusal names the range. */
  @Test
  void theRangeOfEachKeyIsWrittenBehindIt() throws Exception {
    List<String> lines = uncommented().lines().toList();
    int stated = 0;
    for (int i = 0; i < lines.size(); i++) {
      Matcher key = KEY_WITH_VALUE.matcher(lines.get(i));
      if (key.matches()) {
        Optional<String> range = rangeOf(lines, i, key.group(1));
        assertThat(Optional.ofNullable(key.group(3))).as(lines.get(i)).isEqualTo(range);
        stated += range.isPresent() ? 1 : 0;
      }
    }
    assertThat(stated).isGreaterThan(30);
  }

  private static final Pattern KEY_WITH_VALUE =
      Pattern.compile("( *[a-z-]+): ([^#]*?)(?:  # (.* to .*))?");

  private static Optional<String> rangeOf(List<String> lines, int line, String key) {
    return Stream.of("-1", "999999999d", "9999-12-31T00:00:00Z", "-1000")
        .flatMap(value -> refusal(lines, line, key + ": " + value).stream())
        .flatMap(refusal -> Pattern.compile(" must be from (.*), not ").matcher(refusal).results())
        .map(found -> found.group(1))
        .findFirst();
  }

  private static Optional<String> refusal(List<String> lines, int line, String instead) {
    List<String> changed = new ArrayList<>(lines);
    changed.set(line, instead);
    String text = String.join("\n", changed).replaceAll("(?m)^ *[\\w-]+-env:.*\n", "");
    try {
      ChaseConfig.parse("all", text, Path.of("/etc"), Map.of());
      return Optional.empty();
    } catch (ConfigException e) {
      return Optional.ofNullable(e.getMessage());
    }
  }

  /** Prose begins with {@code "# "}, a key without a default with {@code "#"} alone. */
  private static String uncommented() throws Exception {
    return Files.readString(EXAMPLE).replaceAll("(?m)^( *)#(\\w)", "$1$2");
  }

  private static Set<String> writtenKeys(Object node, String path) {
    if (!(node instanceof Map<?, ?> map) || path.equals("gpu.profiles")) {
      return Set.of(path);
    }
    return map.entrySet().stream()
        .flatMap(
            entry -> writtenKeys(entry.getValue(), join(path, entry.getKey().toString())).stream())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Set<String> keysOf(Class<?> type, String path) {
    return Stream.of(type.getRecordComponents())
        .flatMap(component -> componentKeys(component, join(path, kebab(component.getName()))))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Stream<String> componentKeys(RecordComponent component, String path) {
    Class<?> type = component.getType();
    if (type.isRecord() && type.getPackageName().equals(ChaseConfig.class.getPackageName())) {
      return keysOf(type, path).stream();
    }
    boolean secret =
        type == Optional.class && argument(component.getGenericType()) == SecretSource.class;
    return secret ? Stream.of(path + "-file", path + "-env") : Stream.of(path);
  }

  private static Type argument(Type type) {
    return List.of(((ParameterizedType) type).getActualTypeArguments()).getFirst();
  }

  private static String join(String path, String key) {
    return path.isEmpty() ? key : path + "." + key;
  }

  private static String kebab(String camel) {
    return camel.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
  }
}
