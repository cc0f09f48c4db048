package chase.daemon.page;

import chase.daemon.api.PageBody;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * What the page shows at one moment, section by section, as JSON; immutable.
 *
 * @param number counts the moments
 * @param sections each section's JSON, and in which version it last changed
 */
record PageVersion(long number, Map<String, Section> sections) {
  /** Before the first moment. */
  static final PageVersion NONE = new PageVersion(0, Map.of());

  private static final String GONE = "null";

  /** Keeps the order of the sections. */
  PageVersion {
    sections = Collections.unmodifiableMap(new LinkedHashMap<>(sections));
  }

  /**
   * One section.
   *
   * @param json its JSON; {@code null} where the section is not there any more
   */
  record Section(String json, long changed) {}

  /** The next version. */
  PageVersion next(PageBody body, JsonMapper mapper) {
    JsonNode tree = mapper.valueToTree(body);
    Map<String, Section> next = new LinkedHashMap<>();
    tree.properties()
        .forEach(
            entry -> next.put(entry.getKey(), section(entry.getKey(), entry.getValue(), mapper)));
    Set<String> gone = new HashSet<>(sections.keySet());
    gone.removeAll(next.keySet());
    gone.forEach(name -> next.put(name, section(name, GONE)));
    return new PageVersion(number + 1, next);
  }

  private Section section(String name, JsonNode value, JsonMapper mapper) {
    try {
      return section(name, mapper.writeValueAsString(value));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("cannot write the page's " + name, e);
    }
  }

  private Section section(String name, String json) {
    Section before = sections.get(name);
    return before != null && before.json().equals(json) ? before : new Section(json, number + 1);
  }

  /** Everything, as one object. */
  String whole() {
    return object(section -> !section.json().equals(GONE));
  }

  /** What has changed since {@code version}; what is gone is null there. */
  String since(long version) {
    return version == 0 ? whole() : object(section -> section.changed() > version);
  }

  private String object(Predicate<Section> shown) {
    return sections.entrySet().stream()
        .filter(entry -> shown.test(entry.getValue()))
        .map(entry -> '"' + entry.getKey() + "\":" + entry.getValue().json())
        .collect(Collectors.joining(",", "{", "}"));
  }
}
