package chase.zeus.profile;

import static chase.zeus.fixtures.MeasuredProfiles.watts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import chase.zeus.gpu.PowerRange;
import chase.zeus.unit.Watts;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProfilingPlanTest {
  private static PowerRange range(double min, double max) {
    return new PowerRange(new Watts(min), new Watts(max));
  }

  private static List<Watts> limits(double min, double max, double spacing) {
    return ProfilingPlan.over(range(min, max), new Watts(spacing), MeasurementRules.DEFAULT)
        .limits();
  }

  @ParameterizedTest
  @CsvSource({"100, 300, 25", "100, 250, 20", "200, 700, 60", "100, 400, 40", "10, 20, 5"})
  void limitsAreSpacedByTheRangeOfTheGpu(double min, double max, double spacing) {
    assertThat(ProfilingPlan.spacing(range(min, max))).isEqualTo(new Watts(spacing));
  }

  @Test
  void limitsRunFromTheTopToTheFloorAndNoFurther() {
    assertThat(limits(180, 300, 25)).isEqualTo(watts(300, 275, 250, 225, 200, 180));
    assertThat(limits(190, 300, 25)).isEqualTo(watts(300, 275, 250, 225, 190));
    assertThat(limits(150, 250, 25)).isEqualTo(watts(250, 225, 200, 175, 150));
    assertThat(limits(240, 250, 25)).isEqualTo(watts(250, 240));
    assertThat(limits(250, 250, 25)).isEqualTo(watts(250));
  }

  @Test
  void impossiblePlansAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> limits(100, 250, 0))
        .withMessage("spacing must be above 0 W");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ProfilingPlan(List.of(), MeasurementRules.DEFAULT));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ProfilingPlan(watts(100, 200), MeasurementRules.DEFAULT))
        .withMessage("limits must fall, but 200 W follows 100 W");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ProfilingPlan(watts(100, 100), MeasurementRules.DEFAULT));
  }

  @ParameterizedTest
  @CsvSource({
    "-1, 1, 4, 0.01, 60, 60", "1, -1, 4, 0.01, 60, 60", "1, 1, 0, 0.01, 60, 60",
    "1, 1, 4, 0, 60, 60", "1, 1, 4, NaN, 60, 60", "1, 1, 4, 1, 60, 60",
    "1, 1, 4, 0.01, 0, 60", "1, 1, 4, 0.01, 60, 0"
  })
  void impossibleRulesAreRefused(
      long warmUp, long sample, int samples, double precision, long silence, long patience) {
    assertThatIllegalArgumentException()
        .isThrownBy(() ->
            new MeasurementRules(
                Duration.ofSeconds(warmUp),
                Duration.ofSeconds(sample),
                samples,
                precision,
                Duration.ofSeconds(60),
                Duration.ofSeconds(silence),
                Duration.ofSeconds(patience)));
  }
}
