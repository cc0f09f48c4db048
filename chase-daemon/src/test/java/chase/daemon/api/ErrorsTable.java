package chase.daemon.api;

import chase.daemon.fixtures.Repository;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** The table of errors in {@code docs/control-api.md}. */
final class ErrorsTable {
  private static final Pattern ROW =
      Pattern.compile("(?m)^\\| ([45]\\d\\d) \\| (`[^|]+`) \\| ?(.*?) ?\\|$");
  private static final Pattern WORD = Pattern.compile("`(\\w+)`");

  private ErrorsTable() {}

  /** An OpenAPI response for each status, with the words that {@code error} may have. */
  static Map<String, Object> responses() {
    Map<String, List<MatchResult>> rows = new TreeMap<>();
    ROW.matcher(Repository.text(Repository.root().resolve("docs/control-api.md")))
        .results()
        .forEach(row -> rows.computeIfAbsent(row.group(1), none -> new ArrayList<>()).add(row));
    Map<String, Object> responses = new LinkedHashMap<>();
    rows.forEach((status, same) -> responses.put(status, response(same)));
    return responses;
  }

  private static Map<String, Object> response(List<MatchResult> rows) {
    List<String> texts =
        rows.stream()
            .map(row -> row.group(2) + (row.group(3).isEmpty() ? "" : ": " + row.group(3)))
            .toList();
    List<String> words =
        rows.stream()
            .flatMap(row -> WORD.matcher(row.group(2)).results())
            .map(word -> word.group(1))
            .toList();
    Map<String, Object> fields =
        OpenApiDocument.ordered(
            "error",
            OpenApiDocument.ordered("type", "string", "enum", words),
            "detail",
            OpenApiDocument.ordered("type", "string"));
    Map<String, Object> schema =
        OpenApiDocument.ordered(
            "type", "object", "properties", fields, "required", List.copyOf(fields.keySet()));
    return OpenApiDocument.ordered(
        "description",
        String.join("; ", texts),
        "content",
        OpenApiDocument.ordered("application/json", OpenApiDocument.ordered("schema", schema)));
  }
}
