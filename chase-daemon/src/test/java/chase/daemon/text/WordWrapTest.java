package chase.daemon.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class WordWrapTest {
  private static String wrap(String line, int width, int indent) {
    return WordWrap.wrap(line, width, indent).replace(System.lineSeparator(), "|");
  }

  @Test
  void aLineThatFitsStaysAsItIs() {
    assertThat(wrap("  two  spaces", 13, 4)).isEqualTo("  two  spaces");
    assertThat(wrap("", 10, 4)).isEmpty();
  }

  @Test
  void aLongLineIsBrokenBetweenWordsAndGoesOnIndented() {
    assertThat(wrap("the limit follows the grid", 12, 3))
        .isEqualTo("the limit|   follows|   the grid");
    assertThat(wrap("exactly ten x", 11, 2)).isEqualTo("exactly ten|  x");
  }

  @Test
  void aWordThatIsTooLongHasALineOfItsOwn() {
    assertThat(wrap("at http://127.0.0.1:9478/ is it", 10, 2))
        .isEqualTo("at|  http://127.0.0.1:9478/|  is it");
    assertThat(wrap("  http://127.0.0.1:9478/", 10, 2)).isEqualTo("  http://127.0.0.1:9478/");
  }

  @Test
  void aPercentSignStaysWithItsNumber() {
    assertThat(wrap("it is at 10 % now", 11, 0)).isEqualTo("it is at|10 % now");
  }
}
