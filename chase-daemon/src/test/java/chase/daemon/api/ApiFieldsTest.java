package chase.daemon.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.introspect.BeanPropertyDefinition;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Holds the tables of fields in the documentation to the records of this package. */
class ApiFieldsTest {
  private static final Pattern OBJECT =
      Pattern.compile(
          "(?m)^### (\\S+)\\n\\n[^|#]+\\n\\n\\| field \\|"
              + " \\|\\n\\|---\\|---\\|\\n(.*\\n)+?(?=\\n|\\z)");

  private static final Pattern ROW = Pattern.compile("(?m)^\\| `(\\w+)` \\| \\S");

  private final JsonMapper mapper = ApiJson.mapper();

  @Test
  void everyFieldIsDescribedInTheOrderOfTheAnswers() throws Exception {
    Map<String, List<String>> documented =
        OBJECT
            .matcher(Files.readString(Path.of("../docs/api-fields.md")))
            .results()
            .collect(Collectors.toMap(found -> found.group(1), ApiFieldsTest::rows));
    assertThat(new TreeMap<>(documented)).isEqualTo(new TreeMap<>(declared()));
  }

  private static List<String> rows(MatchResult object) {
    return ROW.matcher(object.group()).results().map(row -> row.group(1)).toList();
  }

  private Map<String, List<String>> declared() throws IOException, URISyntaxException {
    List<Class<?>> records = records();
    Set<Class<?>> parts =
        records.stream()
            .flatMap(type -> properties(type).filter(property -> isPart(property, type)))
            .map(property -> property.getPrimaryType().getRawClass())
            .collect(Collectors.toSet());
    return records.stream()
        .filter(type -> !parts.contains(type))
        .collect(Collectors.toMap(ApiFieldsTest::title, type -> names(type).toList()));
  }

  /** Such as {@code Gpu.Limits}, of the nested record of {@code GpuBody}. */
  private static String title(Class<?> type) {
    return type.getName()
        .substring(type.getPackageName().length() + 1)
        .replace('$', '.')
        .replace("Body", "");
  }

  private static List<Class<?>> records() throws IOException, URISyntaxException {
    Path classes =
        Path.of(ApiJson.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    try (Stream<Path> files = Files.list(classes.resolve("chase/daemon/api"))) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".class") && !name.startsWith("package-info"))
          .<Class<?>>map(name -> type("chase.daemon.api." + name.replaceFirst("\\.class$", "")))
          .filter(Class::isRecord)
          .toList();
    }
  }

  private static Class<?> type(String name) {
    try {
      return Class.forName(name);
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(e);
    }
  }

  private Stream<BeanPropertyDefinition> properties(Class<?> type) {
    return properties(mapper.constructType(type));
  }

  private Stream<BeanPropertyDefinition> properties(JavaType type) {
    List<String> order =
        Arrays.stream(type.getRawClass().getRecordComponents()).map(c -> c.getName()).toList();
    return mapper.getSerializationConfig().introspect(type).findProperties().stream()
        .sorted((a, b) -> order.indexOf(a.getInternalName()) - order.indexOf(b.getInternalName()));
  }

  /** One that is a body of its own, and whose fields another one has as well, is described once. */
  private static boolean isPart(BeanPropertyDefinition property, Class<?> owner) {
    return isUnwrapped(property)
        && property.getPrimaryType().getRawClass().getNestHost().equals(owner.getNestHost());
  }

  private static boolean isUnwrapped(BeanPropertyDefinition property) {
    return property.getAccessor().hasAnnotation(JsonUnwrapped.class);
  }

  private Stream<String> names(Class<?> type) {
    return properties(type)
        .filter(property -> !isUnwrapped(property) || isPart(property, type))
        .flatMap(property ->
            isUnwrapped(property)
                ? names(property.getPrimaryType().getRawClass())
                : Stream.of(property.getName()));
  }
}
