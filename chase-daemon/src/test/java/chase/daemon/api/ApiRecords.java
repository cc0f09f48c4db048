package chase.daemon.api;

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
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The records of this package as the documentation shows them: their titles and fields. */
final class ApiRecords {
  private final JsonMapper mapper = ApiJson.mapper();

  /** Such as {@code Gpu.Limits}, of the nested record of {@code GpuBody}. */
  static String title(Class<?> type) {
    return type.getName()
        .substring(type.getPackageName().length() + 1)
        .replace('$', '.')
        .replace("Body", "");
  }

  /** Every record that has a title; not those whose fields are another's. */
  List<Class<?>> titled() throws IOException, URISyntaxException {
    List<Class<?>> records = records();
    Set<Class<?>> parts =
        records.stream()
            .flatMap(type -> properties(type).filter(property -> isPart(property, type)))
            .map(property -> property.getPrimaryType().getRawClass())
            .collect(Collectors.toSet());
    return records.stream().filter(type -> !parts.contains(type)).toList();
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

  /** The fields of {@code type} in the order of the answers, those of its parts among them. */
  Stream<BeanPropertyDefinition> fields(Class<?> type) {
    return properties(type)
        .filter(property -> !isUnwrapped(property) || isPart(property, type))
        .flatMap(property ->
            isUnwrapped(property)
                ? fields(property.getPrimaryType().getRawClass())
                : Stream.of(property));
  }

  /** The bodies whose fields {@code type} has beside its own. */
  List<Class<?>> unwrapped(Class<?> type) {
    return properties(type)
        .filter(property -> isUnwrapped(property) && !isPart(property, type))
        .<Class<?>>map(property -> property.getPrimaryType().getRawClass())
        .toList();
  }

  private Stream<BeanPropertyDefinition> properties(Class<?> type) {
    JavaType whole = mapper.constructType(type);
    List<String> order =
        Arrays.stream(type.getRecordComponents()).map(component -> component.getName()).toList();
    return mapper.getSerializationConfig().introspect(whole).findProperties().stream()
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
}
