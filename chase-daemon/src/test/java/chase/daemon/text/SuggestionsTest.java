package chase.daemon.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SuggestionsTest {
  private static final List<String> KNOWN = List.of("backend", "library", "floor-ratio");

  @Test
  void aSlipOfTheHandIsRecognised() {
    assertThat(Suggestions.nearest("bakend", KNOWN)).contains("backend");
    assertThat(Suggestions.nearest("floor_ratio", KNOWN)).contains("floor-ratio");
  }

  @Test
  void anotherWordAltogetherIsNotGuessedAt() {
    assertThat(Suggestions.nearest("temperature", KNOWN)).isEmpty();
    assertThat(Suggestions.nearest("DE", List.of("GB"))).isEmpty();
  }
}
