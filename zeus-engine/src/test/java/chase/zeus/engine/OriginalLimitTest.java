package chase.zeus.engine;

import static chase.zeus.fixtures.TestGpus.watts;
import static org.assertj.core.api.Assertions.assertThat;

import chase.zeus.unit.Watts;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class OriginalLimitTest {
  private static final Optional<Watts> NOTHING = Optional.empty();

  private static OriginalLimit of(double found, Optional<Watts> lastKnown, double usual) {
    return OriginalLimit.of(watts(found), lastKnown, Optional.of(watts(usual)));
  }

  @Test
  void aLimitAtTheDriversDefaultIsBelieved() {
    assertThat(of(700, NOTHING, 700).isDoubtful()).isFalse();
    assertThat(of(700, NOTHING, 600).isDoubtful()).isFalse();
  }

  @Test
  void aLimitBelowTheDefaultWithoutARecordDoesNotLowerTheFloor() {
    OriginalLimit found = of(420, NOTHING, 700);
    assertThat(found.isDoubtful()).isTrue();
    assertThat(found.limit()).isEqualTo(watts(420));
    assertThat(found.floor(0.6)).isEqualTo(watts(420));
  }

  @Test
  void aLimitThatWasTheOriginalBeforeIsBelieved() {
    assertThat(of(250, Optional.of(watts(250)), 480).floor(0.6)).isEqualTo(watts(150));
    assertThat(of(300, Optional.of(watts(250)), 480).isDoubtful()).isFalse();
  }

  @Test
  void aLimitBelowTheLastKnownOriginalDoesNotLowerTheFloor() {
    assertThat(of(252, Optional.of(watts(600)), 700).floor(0.6)).isEqualTo(watts(360));
  }

  @Test
  void withoutADefaultTheLimitAtTheStartIsTheOriginal() {
    assertThat(OriginalLimit.of(watts(300), NOTHING, NOTHING).isDoubtful()).isFalse();
  }
}
