package chase.carbon.forecast;

import static org.assertj.core.api.Assertions.assertThat;

import chase.carbon.GramsPerKwh;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class BacktestTest {
  private static final Duration DAY = Duration.ofDays(1);
  private static final List<Integer> HOURS = List.of(1, 4, 24);

  private static Backtest test(SyntheticGrid grid, Duration step, int days, int from) {
    Instant begin = SyntheticGrid.START.plus(DAY.multipliedBy(from));
    Backtest test =
        new Backtest(
            TimeGrid.of(step),
            begin,
            SyntheticGrid.START.plus(DAY.multipliedBy(days)),
            HOURS.stream().map(Duration::ofHours).toList(),
            true);
    double[] values = grid.values(days, step);
    for (int i = 0; i < values.length; i++) {
      Instant at = SyntheticGrid.START.plus(step.multipliedBy(i));
      test.add(Forecaster.ObservedValue.of(at, new GramsPerKwh(values[i])));
    }
    return test;
  }

  private static Backtest.ModelAccuracy row(Backtest test, ModelKind model, int hours) {
    return test.rows().stream()
        .filter(row -> row.model() == model)
        .filter(row -> row.horizon().equals(Optional.of(Duration.ofHours(hours))))
        .findFirst()
        .orElseThrow();
  }

  private static double error(Backtest test, ModelKind model, int hours) {
    return row(test, model, hours).errorRatio();
  }

  private static double simple(Backtest test, int hours) {
    return Math.min(
        error(test, ModelKind.PERSISTENCE, hours), error(test, ModelKind.YESTERDAY, hours));
  }

  @ParameterizedTest
  @CsvSource({
    "FLAT,60",
    "DAILY,60",
    "WALK,60",
    "WIND,60",
    "SOLAR,60",
    "SPIKY,60",
    "CLEAN,60",
    "WIND,30",
    "SOLAR,15",
    "WALK,5"
  })
  void noGridMakesTheMixWorseThanTheBetterOfTheSimpleOnes(SyntheticGrid grid, int minutes) {
    int days = minutes < 60 ? 45 : 90;
    Backtest test = test(grid, Duration.ofMinutes(minutes), days, 21);
    for (int hours : List.of(1, 4)) {
      assertThat(error(test, ModelKind.MIX, hours))
          .as("%s, %d h, seed 3", grid, hours)
          .isLessThanOrEqualTo(1.01 * simple(test, hours));
    }
    assertThat(error(test, ModelKind.MIX, 24)).isLessThanOrEqualTo(1.03 * simple(test, 24));
  }

  @ParameterizedTest
  @EnumSource(names = {"DAILY", "WIND", "SOLAR", "SPIKY", "CLEAN"})
  void oneDayOfHistoryIsEnoughToBeatThem(SyntheticGrid grid) {
    Backtest test = test(grid, Duration.ofHours(1), 29, 1);
    double mix = error(test, ModelKind.MIX, 1) + error(test, ModelKind.MIX, 4);
    for (ModelKind simple : List.of(ModelKind.PERSISTENCE, ModelKind.YESTERDAY)) {
      assertThat(mix)
          .as("%s against %s, seed 3", grid, simple)
          .isLessThan(error(test, simple, 1) + error(test, simple, 4));
    }
  }

  @ParameterizedTest
  @EnumSource
  void fourInFiveValuesLieInTheInterval(SyntheticGrid grid) {
    Backtest test = test(grid, Duration.ofHours(1), 120, 40);
    for (int hours : HOURS) {
      assertThat(row(test, ModelKind.MIX, hours).coverage().orElseThrow())
          .as("%s, %d h, seed 3", grid, hours)
          .isBetween(0.72, 0.88);
    }
  }
}
