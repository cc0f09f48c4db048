package chase.carbon.fallback;

import static org.assertj.core.api.Assertions.assertThat;

import chase.carbon.CarbonIntensity;
import chase.carbon.SignalKind;
import chase.carbon.SignalKind.EmissionScope;
import chase.carbon.SignalKind.Margin;
import chase.carbon.fixtures.TestIntensities;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FallbackRulesTest {
  @ParameterizedTest
  @CsvSource({
    "AVERAGE, 1, 3",
    "AVERAGE, 5, 15",
    "AVERAGE, 10, 15",
    "AVERAGE, 15, 15",
    "AVERAGE, 20, 20",
    "AVERAGE, 60, 30",
    "MARGINAL, 5, 5",
    "MARGINAL, 60, 30"
  })
  void aValueCountsAsLiveForAWhileAfterItsPeriod(Margin margin, int period, int lateness) {
    CarbonIntensity value =
        new TestIntensities(
                new SignalKind(margin, EmissionScope.DIRECT),
                Duration.ofMinutes(period),
                Instant.EPOCH)
            .of(100);
    assertThat(FallbackRules.defaults(margin, Duration.ofHours(2)).lateness(value))
        .isEqualTo(Duration.ofMinutes(lateness));
  }
}
