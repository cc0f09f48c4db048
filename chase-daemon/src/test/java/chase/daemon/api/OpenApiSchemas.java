package chase.daemon.api;

import chase.daemon.api.FieldsPage.DescribedObject;
import chase.zeus.policy.SlowdownBound;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.introspect.BeanPropertyDefinition;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * JSON schemas of the records of this package: what they hold by reflection, what it means from
 * {@code docs/api-fields.md}.
 */
final class OpenApiSchemas {
  /** The answer to a job's end, which no record is. */
  private static final String WITH_RECEIPT = "Job.WithReceipt";

  private final JsonMapper mapper = ApiJson.mapper();
  private final ApiRecords records = new ApiRecords();
  private final Map<String, DescribedObject> described = FieldsPage.read();
  private final Map<String, Class<?>> titled;
  private final Map<String, Object> schemas = new TreeMap<>();
  private final Deque<String> missing = new ArrayDeque<>();

  OpenApiSchemas() throws Exception {
    titled =
        records.titled().stream().collect(Collectors.toMap(ApiRecords::title, Function.identity()));
  }

  /** Every schema that was asked for, and those that they need, by title. */
  Map<String, Object> all() {
    while (!missing.isEmpty()) {
      String title = missing.remove();
      if (!schemas.containsKey(title)) {
        schemas.put(title, title.equals(WITH_RECEIPT) ? withReceipt() : object(title));
      }
    }
    return schemas;
  }

  /** What a route answers: a title, {@code A or B}, or {@code object} for any. */
  Map<String, Object> answer(String what) {
    if (what.contains(" or ")) {
      return ordered("anyOf", Arrays.stream(what.split(" or ")).map(this::reference).toList());
    }
    return what.equals("object") ? ordered("type", "object") : reference(what);
  }

  /** A reference to the schema of that title. */
  Map<String, Object> reference(String title) {
    missing.add(title);
    return ordered("$ref", "#/components/schemas/" + title);
  }

  private Map<String, Object> withReceipt() {
    Map<String, Object> job = object(ApiRecords.title(JobBody.class));
    Map<String, Object> fields = new LinkedHashMap<>(section(job, "properties"));
    fields.put("receipt", reference(ApiRecords.title(ReportBody.Receipt.class)));
    job.put("properties", fields);
    job.put("description", "A job that ends, with its receipt where the ledger can give one.");
    return job;
  }

  private Map<String, Object> object(String title) {
    Class<?> type = Objects.requireNonNull(titled.get(title), title);
    boolean request = title.endsWith("Request");
    DescribedObject text = Objects.requireNonNull(described.get(title), title);
    Map<String, Object> fields = new LinkedHashMap<>();
    List<String> required = new ArrayList<>();
    for (Class<?> whole : records.unwrapped(type)) {
      Map<String, Object> other = object(ApiRecords.title(whole));
      fields.putAll(section(other, "properties"));
      required.addAll(names(other.getOrDefault("required", List.of())));
    }
    records
        .fields(type)
        .forEach(field -> {
          String name = field.getName();
          String says =
              Objects.requireNonNull(
                  text.fields().get(name), () -> "docs/api-fields.md lacks " + title + "." + name);
          fields.put(name, field(field, says));
          if (!field.getPrimaryType().isReferenceType() && fallback(field).isEmpty()) {
            required.add(name);
          }
        });
    Map<String, Object> schema = ordered("type", "object");
    schema.put("description", text.text());
    schema.put("properties", fields);
    if (!required.isEmpty()) {
      schema.put("required", required);
    }
    if (request) {
      schema.put("additionalProperties", false);
    }
    return schema;
  }

  private Map<String, Object> field(BeanPropertyDefinition field, String text) {
    JavaType declared = field.getPrimaryType();
    boolean optional = declared.isReferenceType();
    Map<String, Object> schema = value(optional ? declared.getReferencedType() : declared);
    schema.put("description", text);
    fallback(field)
        .ifPresent(json -> {
          if (optional) {
            schema.put("type", List.of(Objects.requireNonNull(schema.get("type")), "null"));
          }
          schema.put("default", parsed(json));
        });
    return schema;
  }

  private static Optional<String> fallback(BeanPropertyDefinition field) {
    return Optional.ofNullable(field.getMetadata().getDefaultValue());
  }

  private Object parsed(String json) {
    try {
      return mapper.readValue(json, Object.class);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private Map<String, Object> value(JavaType type) {
    Class<?> raw = type.getRawClass();
    if (type.isMapLikeType()) {
      Map<String, Object> map = ordered("type", "object");
      map.put("additionalProperties", value(type.getContentType()));
      return map;
    }
    if (type.isCollectionLikeType()) {
      return list(value(type.getContentType()));
    }
    if (raw.isEnum()) {
      Map<String, Object> words = ordered("type", "string");
      words.put(
          "enum",
          Arrays.stream(raw.getEnumConstants())
              .map(word -> mapper.convertValue(word, String.class))
              .toList());
      return words;
    }
    if (raw == SlowdownBound.class) {
      return ordered("type", List.of("number", "string"));
    }
    return raw.isRecord() ? reference(ApiRecords.title(raw)) : simple(raw);
  }

  /** A list of {@code items}. */
  static Map<String, Object> list(Map<String, Object> items) {
    Map<String, Object> list = ordered("type", "array");
    list.put("items", items);
    return list;
  }

  private static Map<String, Object> simple(Class<?> type) {
    if (type == Object.class) {
      return new LinkedHashMap<>();
    }
    if (type == Instant.class || type == LocalDate.class) {
      return typed("string", type == Instant.class ? "date-time" : "date");
    }
    return switch (type.getSimpleName()) {
      case "String" -> ordered("type", "string");
      case "boolean", "Boolean" -> ordered("type", "boolean");
      case "int", "Integer" -> typed("integer", "int32");
      case "long", "Long" -> typed("integer", "int64");
      case "double", "Double" -> ordered("type", "number");
      default -> throw new IllegalStateException("no schema for " + type);
    };
  }

  private static Map<String, Object> typed(String type, String format) {
    Map<String, Object> schema = ordered("type", type);
    schema.put("format", format);
    return schema;
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> section(Map<String, Object> schema, String name) {
    return (Map<String, Object>) Objects.requireNonNull(schema.get(name), name);
  }

  @SuppressWarnings("unchecked")
  private static List<String> names(Object list) {
    return (List<String>) list;
  }

  private static Map<String, Object> ordered(String key, Object value) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put(key, value);
    return map;
  }
}
