package chase.daemon.api;

import chase.daemon.fixtures.Repository;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What {@code docs/api-fields.md} says of the API's objects. */
final class FieldsPage {
  private static final Pattern OBJECT =
      Pattern.compile(
          "(?m)^### (\\S+)\\n\\n([^|#]+)\\n\\n\\| field \\|"
              + " \\|\\n\\|---\\|---\\|\\n(.*\\n)+?(?=\\n|\\z)");

  private static final Pattern ROW = Pattern.compile("(?m)^\\| `(\\w+)` \\| (\\S.*) \\|$");

  private FieldsPage() {}

  /**
   * One object.
   *
   * @param text what it is
   * @param fields what each field is, in the order of the page
   */
  record DescribedObject(String text, Map<String, String> fields) {}

  /** Every object by its title. */
  static Map<String, DescribedObject> read() {
    return OBJECT
        .matcher(Repository.text(Repository.root().resolve("docs/api-fields.md")))
        .results()
        .collect(Collectors.toMap(found -> found.group(1), FieldsPage::object));
  }

  private static DescribedObject object(MatchResult found) {
    Map<String, String> fields = new LinkedHashMap<>();
    ROW.matcher(found.group())
        .results()
        .forEach(row -> fields.put(row.group(1), row.group(2).replace("\\|", "|")));
    return new DescribedObject(
        found.group(2).replace('\n', ' '), Collections.unmodifiableMap(fields));
  }
}
