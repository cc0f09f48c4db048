package chase.daemon.cli.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeadlineTest {
  private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");
  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

  @ParameterizedTest
  @CsvSource({
    "8h, 2026-11-23T20:00:00Z",
    "18:00, 2026-11-23T17:00:00Z",
    "06:30, 2026-11-24T05:30:00Z",
    "2026-12-01T18:00, 2026-12-01T17:00:00Z",
    "2026-12-01 18:00, 2026-12-01T17:00:00Z",
    "2026-12-01T18:00:00Z, 2026-12-01T18:00:00Z",
    "2026-12-01T18:00:00-05:00, 2026-12-01T23:00:00Z",
  })
  void aDeadlineIsATimeFromNowOrOfDayOrAnInstant(String text, Instant expected) {
    assertThat(Deadline.parse(text, NOW, BERLIN)).isEqualTo(expected);
  }

  @Test
  void whatIsNoTimeIsNamed() {
    assertThatThrownBy(() -> Deadline.parse("tomorrow", NOW, BERLIN))
        .hasMessageStartingWith("'tomorrow' is not a time such as 8h, 18:00");
  }
}
