package chase.daemon.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.introspect.BeanPropertyDefinition;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Holds the tables of fields in the documentation to the records of this package. */
class ApiFieldsTest {
  @Test
  void everyFieldIsDescribedInTheOrderOfTheAnswers() throws Exception {
    ApiRecords records = new ApiRecords();
    Map<String, List<String>> declared =
        records.titled().stream()
            .collect(
                Collectors.toMap(
                    ApiRecords::title,
                    type -> records.fields(type).map(BeanPropertyDefinition::getName).toList()));
    Map<String, List<String>> described = new TreeMap<>();
    FieldsPage.read()
        .forEach((title, object) -> described.put(title, List.copyOf(object.fields().keySet())));
    assertThat(described).isEqualTo(new TreeMap<>(declared));
  }
}
