package chase.daemon.control;

import chase.daemon.api.ApiJson;
import chase.daemon.text.Suggestions;
import chase.zeus.policy.SlowdownBound;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.introspect.BeanPropertyDefinition;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.type.LogicalType;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Binds the JSON object of a request to a record, strictly; every mistake is an {@link
 * ApiException} of one line that names the field.
 *
 * <p>A component is required unless it is an {@code Optional} or declares a default. A field may be
 * null only where it is both: null then means no value, and not the default.
 */
final class RequestReader {
  /** What a body may have. */
  static final int MAX_BODY_BYTES = 64 * 1024;

  private static final int MAX_SHOWN = 60;
  private static final Set<String> NON_FINITE = Set.of("NaN", "Infinity", "-Infinity");

  /** What Jackson adds for those who wrote it: its own switches, places and classes. */
  private static final Pattern PLAIN =
      Pattern.compile(
          "( \\(code \\d+( / 0x\\p{XDigit}+)?\\)|; enable .*|: maybe a \\(.*| at \\[.*| \\(start"
              + " marker .*|\\(JSON String, Number, Array, Object or token |(: )?was expecting"
              + " .*)");

  private final JsonMapper mapper;

  /** A reader of standard JSON. */
  RequestReader() {
    this(strict());
  }

  private RequestReader(JsonMapper mapper) {
    this.mapper = mapper;
  }

  /**
   * The same where numbers may also be {@code NaN} and {@code Infinity}, as many languages write
   * them: the code that checks them can then name the one that is not finite.
   */
  RequestReader acceptingNonFiniteNumbers() {
    return new RequestReader(
        mapper.rebuild().enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS).build());
  }

  private static JsonMapper strict() {
    return ApiJson.mapper()
        .rebuild()
        .addModule(new SimpleModule().addDeserializer(SlowdownBound.class, new BoundReader()))
        .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
        .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
        .withCoercionConfigDefaults(config -> {
          config.setCoercion(CoercionInputShape.String, CoercionAction.Fail);
          config.setCoercion(CoercionInputShape.EmptyString, CoercionAction.Fail);
          config.setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail);
        })
        .withCoercionConfig(
            LogicalType.Textual,
            config -> {
              config.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail);
              config.setCoercion(CoercionInputShape.Float, CoercionAction.Fail);
              config.setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail);
            })
        .build();
  }

  /** A share, as a number or as a text such as {@code 3%}. */
  private static final class BoundReader extends StdDeserializer<SlowdownBound> {
    BoundReader() {
      super(SlowdownBound.class);
    }

    @Override
    public SlowdownBound deserialize(JsonParser parser, DeserializationContext context)
        throws IOException {
      return switch (parser.currentToken()) {
        case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> new SlowdownBound(parser.getDoubleValue());
        case VALUE_STRING -> SlowdownBound.parse(parser.getText());
        default -> (SlowdownBound) context.handleUnexpectedToken(SlowdownBound.class, parser);
      };
    }
  }

  /** Binds the body of a request. */
  <T extends Record> T read(RoutingContext context, Class<T> type) {
    String text = context.body().asString();
    ObjectNode object = object(text == null ? "" : text);
    Map<String, RequestField> fields = fields(type);
    object.fieldNames().forEachRemaining(name -> requireKnown(name, fields.keySet()));
    fields.values().forEach(field -> field.check(object, mapper));
    try {
      return mapper.treeToValue(object, type);
    } catch (JsonMappingException e) {
      String name = e.getPath().getFirst().getFieldName();
      throw Objects.requireNonNull(fields.get(name), name).failure(e, object);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("cannot bind " + type, e);
    }
  }

  private ObjectNode object(String text) {
    JsonNode tree;
    try {
      tree = mapper.readTree(text);
    } catch (JsonProcessingException e) {
      throw new ApiException(400, "bad_json", "the body is not JSON: " + where(e));
    }
    if (tree instanceof ObjectNode object) {
      return object;
    }
    String found = tree.isMissingNode() ? "nothing" : kind(tree);
    throw new ApiException(400, "wrong_type", "the body must be a JSON object, not " + found);
  }

  private static String where(JsonProcessingException e) {
    String what =
        e instanceof JsonEOFException
            ? "it ends too early"
            : PLAIN.matcher(message(e)).replaceAll("");
    JsonLocation at = e.getLocation();
    return at == null
        ? what
        : String.format(
            Locale.ROOT, "line %d, column %d: %s", at.getLineNr(), at.getColumnNr(), what);
  }

  private static String message(JsonProcessingException e) {
    return e.getOriginalMessage().lines().findFirst().orElse("unreadable");
  }

  private Map<String, RequestField> fields(Class<?> type) {
    return mapper
        .getDeserializationConfig()
        .introspect(mapper.constructType(type))
        .findProperties()
        .stream()
        .collect(
            Collectors.toMap(
                BeanPropertyDefinition::getName,
                RequestField::of,
                (one, other) -> one,
                LinkedHashMap::new));
  }

  /**
   * Refuses a name that a request does not know, with the nearest that it does.
   *
   * @throws ApiException 400
   */
  static void requireKnown(String name, Collection<String> known) {
    if (!known.contains(name)) {
      String hint =
          Suggestions.nearest(shown(name), known)
              .map(near -> "did you mean '" + near + "'?")
              .orElse("known here: " + String.join(", ", known));
      throw new ApiException(
          400, "unknown_field", "unknown field '%s'; %s".formatted(shown(name), hint));
    }
  }

  private static String shown(String name) {
    return name.length() <= MAX_SHOWN ? name : name.substring(0, MAX_SHOWN) + "...";
  }

  private static String kind(JsonNode node) {
    return switch (node.getNodeType()) {
      case ARRAY -> "an array";
      case OBJECT, POJO -> "an object";
      case STRING, BINARY -> "a string";
      case NUMBER -> "a number";
      case BOOLEAN -> "a boolean";
      case NULL, MISSING -> "null";
    };
  }

  /**
   * One field of a request.
   *
   * @param name its key
   * @param type what it holds, without {@code Optional}
   * @param optional whether it may be absent
   * @param fallback what it is when absent, as JSON
   */
  private record RequestField(
      String name, JavaType type, boolean optional, Optional<String> fallback) {
    static RequestField of(BeanPropertyDefinition property) {
      JavaType declared = property.getPrimaryType();
      boolean reference = declared.isReferenceType();
      return new RequestField(
          property.getName(),
          reference ? declared.getReferencedType() : declared,
          reference,
          Optional.ofNullable(property.getMetadata().getDefaultValue()));
    }

    /** Fills in the default, and refuses what Jackson would let pass. */
    void check(ObjectNode object, JsonMapper mapper) {
      JsonNode value = object.path(name);
      if (value.isMissingNode() && fallback.isPresent()) {
        object.set(name, json(fallback.get(), mapper));
      } else if (value.isMissingNode() && !optional) {
        throw ApiException.missingField(name);
      } else if (value.isNull() ? !(optional && fallback.isPresent()) : isOdd(value, type)) {
        throw wrongType(value);
      } else if (value.isArray() && value.valueStream().anyMatch(JsonNode::isNull)) {
        throw wrongType(value);
      } else if (value.isObject() && type.isMapLikeType()) {
        value.properties().stream()
            .filter(entry ->
                entry.getValue().isNull() || isOdd(entry.getValue(), type.getContentType()))
            .findFirst()
            .ifPresent(entry -> {
              throw wrongEntry(entry.getKey(), entry.getValue());
            });
      }
    }

    /** Jackson reads the strings NaN and Infinity as numbers. */
    private static boolean isOdd(JsonNode value, JavaType type) {
      return value.isTextual()
          && (type.hasRawClass(double.class) || type.hasRawClass(Double.class));
    }

    private static JsonNode json(String text, JsonMapper mapper) {
      try {
        return mapper.readTree(text);
      } catch (JsonProcessingException e) {
        throw new IllegalStateException("no JSON: " + text, e);
      }
    }

    /** The error that answers a value which could not be bound. */
    ApiException failure(JsonMappingException e, ObjectNode object) {
      for (Throwable cause = e; cause != null; cause = cause.getCause()) {
        if (cause instanceof IllegalArgumentException refused) {
          return ApiException.badValue(String.valueOf(refused.getMessage()));
        }
      }
      JsonNode value = object.path(name);
      if (type.isMapLikeType() && value.isObject()) {
        String key = e.getPath().get(1).getFieldName();
        return wrongEntry(key, value.path(key));
      }
      return wrongType(value);
    }

    private ApiException wrongType(JsonNode found) {
      return new ApiException(
          400,
          "wrong_type",
          "field '%s' must be %s, not %s".formatted(name, bounded(found), seen(found)));
    }

    /** As {@link #isOdd} refuses it. */
    private boolean isNonFinite(JsonNode found) {
      return isOdd(found, type) && NON_FINITE.contains(found.asText());
    }

    /** A number itself, where another number is expected. */
    private String seen(JsonNode found) {
      return (found.isNumber() && bounded(found).contains("number")) || isNonFinite(found)
          ? shown(found.asText())
          : kind(found);
    }

    /** What is expected; of a whole number that is too large, also how large it may be. */
    private String bounded(JsonNode found) {
      boolean tooLarge = found.isIntegralNumber() && !found.canConvertToInt();
      boolean holdsInt = type.hasRawClass(int.class) || type.hasRawClass(Integer.class);
      if (isNonFinite(found)) {
        return "a finite number";
      }
      return expected(type) + (tooLarge && holdsInt ? " of at most 31 bits" : "");
    }

    /** Such as {@code label 'team' must be a string}, of the field {@code labels}. */
    private ApiException wrongEntry(String key, JsonNode found) {
      JavaType content = type.getContentType();
      return ApiException.badValue(
          "%s '%s' must be %s, not %s"
              .formatted(
                  name.substring(0, name.length() - 1),
                  shown(key),
                  content.hasRawClass(Double.class) ? "a finite number" : expected(content),
                  kind(found)));
    }

    private static String expected(JavaType type) {
      return switch (type.getRawClass().getSimpleName()) {
        case "boolean", "Boolean" -> "true or false";
        case "int", "Integer", "long", "Long" -> "a whole number";
        case "double", "Double" -> "a number";
        case "SlowdownBound" -> "a number such as 0.03, or a string such as \"3%\"";
        case "List" ->
            "an array of "
                + (type.getContentType().hasRawClass(String.class) ? "strings" : "whole numbers");
        case "Map" -> "an object";
        default -> "a string";
      };
    }
  }
}
