package chase.daemon.api;

import chase.daemon.access.Role;
import chase.daemon.access.RouteRoles;
import chase.daemon.access.RouteRoles.RouteKind;
import chase.daemon.access.RouteRoles.RouteRole;
import chase.daemon.fixtures.Repository;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.Yaml;

/**
 * Makes {@code docs/openapi.yaml}: the routes and roles of {@link RouteRoles}, the bodies of this
 * package, the errors of {@code docs/control-api.md} and what {@code openapi-routes.yaml} says of
 * each route.
 */
final class OpenApiDocument {
  private static final int WIDTH = 116;
  private static final String JSON = "application/json";
  private static final Pattern PARAMETER = Pattern.compile(":(\\w+)");

  private final OpenApiSchemas schemas = new OpenApiSchemas();
  private final Map<String, Map<String, Object>> routes;
  private final Map<String, Object> parameters;

  OpenApiDocument() throws Exception {
    Map<String, Object> written =
        new Yaml()
            .load(
                Repository.text(
                    Repository.root()
                        .resolve("chase-daemon/src/test/resources/openapi-routes.yaml")));
    this.routes = map(written.get("routes"));
    this.parameters = map(written.get("parameters"));
  }

  /** The routes that are described, such as {@code GET /v1/status}. */
  List<String> described() {
    return List.copyOf(routes.keySet());
  }

  /** The routes of the control API: all but those of Zeus's. */
  static List<RouteRole> served() {
    return RouteRoles.ALL.stream().filter(route -> route.path().startsWith("/v1/")).toList();
  }

  String yaml() {
    DumperOptions options = new DumperOptions();
    options.setDefaultFlowStyle(DumperOptions.FlowStyle.AUTO);
    options.setWidth(WIDTH);
    options.setIndicatorIndent(2);
    options.setIndentWithIndicator(true);
    return "# Generated from the routes, roles and bodies of the daemon and the pages beside this:"
        + " change those.\n"
        + new Yaml(options).dump(document());
  }

  private Map<String, Object> document() {
    Map<String, Object> paths = new LinkedHashMap<>();
    for (RouteRole route : served()) {
      String path = PARAMETER.matcher(route.path()).replaceAll("{$1}");
      map(paths.computeIfAbsent(path, none -> new LinkedHashMap<>()))
          .put(route.method().name().toLowerCase(Locale.ROOT), operation(route));
    }
    schemas.reference(ApiRecords.title(NotificationBody.class));
    Map<String, Object> components = new LinkedHashMap<>();
    components.put("parameters", parameters());
    components.put("headers", Map.of(ApiJson.WARNING, warning()));
    components.put("responses", ErrorsTable.responses());
    components.put("schemas", schemas.all());
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("openapi", "3.1.0");
    document.put("info", info());
    document.put(
        "servers",
        List.of(
            ordered(
                "url",
                "http://chase",
                "description",
                "The Unix socket /run/chase/chase.sock; any host name does")));
    document.put("paths", paths);
    document.put("components", components);
    return document;
  }

  private static Map<String, Object> info() {
    return ordered(
        "title",
        "Chase's control API",
        "version",
        "1",
        "description",
        "HTTP and JSON on a Unix socket: control-api.md and jobs-api.md explain it. What is not"
            + " known has no key. Answers may get more keys in later versions; requests with"
            + " unknown ones are refused. x-role is the role that a route takes (access.md): read,"
            + " job (of others' jobs operator), operator or none. The API of Zeus's daemon on the"
            + " same socket (/gpu, /cpu, /discover, /time, /auth) is not in here: zeus-api.md has"
            + " it.",
        "license",
        ordered("name", "Apache-2.0", "identifier", "Apache-2.0"));
  }

  private Map<String, Object> operation(RouteRole route) {
    Map<String, Object> about =
        Objects.requireNonNull(
            routes.get(route.toString()), () -> "openapi-routes.yaml lacks " + route);
    Map<String, Object> operation =
        ordered(
            "operationId",
            text(about, "id"),
            "summary",
            text(about, "summary"),
            "tags",
            List.of(Path.of(route.path()).getName(1).toString()),
            "x-role",
            route.role().map(Role::word).orElse("none"));
    List<Object> used = new ArrayList<>();
    PARAMETER.matcher(route.path()).results().forEach(found -> used.add("path." + found.group(1)));
    list(about, "query").forEach(name -> used.add("query." + name));
    if (!used.isEmpty()) {
      operation.put(
          "parameters",
          used.stream().map(name -> ordered("$ref", "#/components/parameters/" + name)).toList());
    }
    for (String key : List.of("request", "optional-request")) {
      if (about.containsKey(key)) {
        operation.put(
            "requestBody",
            ordered(
                "required",
                key.equals("request"),
                "content",
                ordered(JSON, ordered("schema", schemas.reference(text(about, key))))));
      }
    }
    operation.put("responses", responses(route, about));
    return operation;
  }

  private Map<String, Object> responses(RouteRole route, Map<String, Object> about) {
    Map<String, Object> responses = new LinkedHashMap<>();
    List<?> done = about.containsKey("status") ? list(about, "status") : List.of(200);
    for (Object status : done) {
      Map<String, Object> response = ordered("description", "Done");
      if (route.kind() != RouteKind.READS) {
        response.put(
            "headers",
            ordered(ApiJson.WARNING, ordered("$ref", "#/components/headers/" + ApiJson.WARNING)));
      }
      response.put("content", content(Objects.requireNonNull(about.get("answer"))));
      responses.put(status.toString(), response);
    }
    TreeSet<String> failures = new TreeSet<>(List.of("400", "500"));
    route.role().ifPresent(role -> failures.add("403"));
    if (PARAMETER.matcher(route.path()).find()) {
      failures.add("404");
    }
    list(about, "errors").forEach(status -> failures.add(status.toString()));
    failures.forEach(
        status -> responses.put(status, ordered("$ref", "#/components/responses/" + status)));
    return responses;
  }

  private Map<String, Object> content(Object answer) {
    if (answer.equals("text/event-stream")) {
      return ordered("text/event-stream", ordered("schema", ordered("type", "string")));
    }
    Map<String, Object> schema =
        answer instanceof List<?> one
            ? OpenApiSchemas.list(schemas.answer(one.getFirst().toString()))
            : schemas.answer(answer.toString());
    return ordered(JSON, ordered("schema", schema));
  }

  private Map<String, Object> parameters() {
    Map<String, Object> all = new LinkedHashMap<>();
    parameters.forEach((key, text) -> {
      String place = key.substring(0, key.indexOf('.'));
      String name = key.substring(place.length() + 1);
      boolean number = List.of("lines", "limit").contains(name);
      boolean instant = List.of("from", "to").contains(name);
      Map<String, Object> schema = ordered("type", number ? "integer" : "string");
      if (instant) {
        schema.put("format", "date-time");
      }
      all.put(
          key,
          ordered(
              "name",
              name,
              "in",
              place,
              "required",
              place.equals("path"),
              "description",
              text,
              "schema",
              schema));
    });
    return all;
  }

  private static Map<String, Object> warning() {
    return ordered(
        "description",
        "The request was done, and this is wrong nevertheless, such as a state that cannot be"
            + " saved",
        "schema",
        ordered("type", "string"));
  }

  private static String text(Map<String, Object> about, String key) {
    return Objects.requireNonNull(about.get(key), key).toString();
  }

  private static List<?> list(Map<String, Object> about, String key) {
    return about.get(key) instanceof List<?> list ? list : List.of();
  }

  /** Keys and values by turns, in this order. */
  static Map<String, Object> ordered(Object... pairs) {
    Map<String, Object> map = new LinkedHashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      map.put(pairs[i].toString(), pairs[i + 1]);
    }
    return map;
  }

  @SuppressWarnings("unchecked")
  private static <V> Map<String, V> map(@Nullable Object value) {
    return (Map<String, V>) Objects.requireNonNull(value);
  }
}
