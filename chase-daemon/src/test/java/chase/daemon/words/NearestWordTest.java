package chase.daemon.words;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class NearestWordTest {
  private static final List<String> KNOWN = List.of("backend", "library", "floor-ratio");

  @Test
  void aSlipOfTheHandIsRecognised() {
    assertThat(NearestWord.of("bakend", KNOWN)).contains("backend");
    assertThat(NearestWord.of("floor_ratio", KNOWN)).contains("floor-ratio");
  }

  @Test
  void anotherWordAltogetherIsNotGuessedAt() {
    assertThat(NearestWord.of("temperature", KNOWN)).isEmpty();
  }
}
