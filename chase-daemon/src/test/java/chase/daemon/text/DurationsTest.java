package chase.daemon.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationsTest {
  @ParameterizedTest
  @CsvSource({
    "90s, PT90S, 1m30s",
    "30m, PT30M, 30m",
    "1h30m, PT1H30M, 1h30m",
    "2d, P2D, 2d",
    "1d1h, P1DT1H, 1d1h",
    "PT15M, PT15M, 15m",
    "500ms, PT0.5S, 0s",
    "1s250ms, PT1.25S, 1s",
    "0s, PT0S, 0s",
  })
  void timesAreReadAndWritten(String text, Duration duration, String written) {
    assertThat(Durations.parse(text)).isEqualTo(duration);
    assertThat(Durations.format(duration)).isEqualTo(written);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "soon", "30", "-5m", "PT-5M", "1m1h", "1.5h", "P", "PT", "999999999999d"})
  void whatIsNoTimeIsNamed(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Durations.parse(text))
        .withMessage("'" + text + "' is not a time such as 500ms, 90s, 1h30m or 2d");
  }

  @ParameterizedTest
  @ValueSource(strings = {"36501d", "999999999d", "P106751991167300D"})
  void whatNoClockCanAddIsRefused(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Durations.parse(text))
        .withMessage("'" + text + "' is longer than 36500d");
  }
}
