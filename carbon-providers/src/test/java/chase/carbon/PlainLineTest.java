package chase.carbon;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlainLineTest {
  @Test
  void plainTextStaysAsItIs() {
    assertThat(PlainLine.of("neso GB: 12 \u00b5g, \u65e5\u672c \ud83d\ude00"))
        .isEqualTo("neso GB: 12 \u00b5g, \u65e5\u672c \ud83d\ude00");
    assertThat(PlainLine.quote("max")).isEqualTo("'max'");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"\n", "\r", "\0", "\u001b", "\u202e", "\u2028", "\u2066", "\ufeff", "\ud800"})
  void whatMovesTheCursorOrTheDirectionOfReadingBecomesAMark(String odd) {
    assertThat(PlainLine.of("a" + odd + "b")).isEqualTo("a?b");
    assertThat(new CarbonUnavailable(CarbonUnavailable.FailureReason.MALFORMED, "a" + odd))
        .hasMessage("a?");
  }

  @Test
  void ofALongTextTheBeginningAndTheEndStay() {
    assertThat(PlainLine.of("begin" + "x".repeat(100_000) + "end"))
        .startsWith("begin")
        .endsWith("xend")
        .hasSize(603);
    assertThat(PlainLine.shown("x".repeat(1000))).hasSize(83);
  }
}
