package chase.daemon.explain;

import static org.assertj.core.api.Assertions.assertThat;

import chase.carbon.CarbonIntensity;
import chase.carbon.GramsPerKwh;
import chase.carbon.Provenance;
import chase.carbon.Region;
import chase.carbon.SignalKind;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GridWindowTest {
  private static final Instant START = Instant.parse("2026-11-23T12:00:00Z");
  private static final Duration DAY = Duration.ofDays(1);

  private static List<CarbonIntensity> hours(Instant start, double... grams) {
    List<CarbonIntensity> hours = new ArrayList<>();
    for (double value : grams) {
      Instant from = start.plus(Duration.ofHours(hours.size()));
      hours.add(
          new CarbonIntensity(
              new GramsPerKwh(value),
              new SignalKind(SignalKind.Margin.AVERAGE, SignalKind.EmissionScope.DIRECT),
              new Provenance.Measured(),
              "neso",
              new Region("GB"),
              from,
              from.plus(Duration.ofHours(1)),
              from,
              from,
              Optional.empty()));
    }
    return hours;
  }

  @Test
  void theNextCleanStretchIsFoundWithItsMean() {
    GridWindow clean = GridWindow.clean(hours(START, 300, 200, 110, 100, 250, 90)).orElseThrow();
    assertThat(clean).isEqualTo(new GridWindow(at(2), at(4), 105));
    assertThat(clean.text(START)).isEqualTo("from 14:00 to 16:00 UTC, 105 gCO2/kWh on average");
  }

  @Test
  void theNextDirtyStretchMayHaveBegun() {
    GridWindow dirty = GridWindow.dirty(hours(START, 300, 290, 110, 100, 300)).orElseThrow();
    assertThat(dirty.to()).isEqualTo(at(2));
    assertThat(dirty.text(START.plusSeconds(60)))
        .isEqualTo("now to 14:00 UTC, 295 gCO2/kWh on average");
  }

  @Test
  void aFlatOutlookAndNoneHaveNoWindows() {
    assertThat(GridWindow.clean(hours(START, 300, 299, 301))).isEmpty();
    assertThat(GridWindow.dirty(hours(START, 0, 0))).isEmpty();
    assertThat(GridWindow.clean(List.of())).isEmpty();
  }

  private static Instant at(int hours) {
    return START.plus(Duration.ofHours(hours));
  }

  @ParameterizedTest
  @CsvSource({"120, LOW", "250, MIDDLE", "390, HIGH"})
  void theLevelIsTheThirdOfTheLastDaysRange(double grams, IntensityLevel.RangePart part) {
    List<CarbonIntensity> past = hours(START.minus(Duration.ofHours(8)), 100, 200, 300, 400);
    assertThat(level(grams, past, List.of()).orElseThrow().level()).isEqualTo(part);
  }

  @Test
  void aNewExtremeWidensTheRange() {
    List<CarbonIntensity> past = hours(START.minus(Duration.ofHours(8)), 100, 200, 300, 400);
    IntensityLevel level = level(700, past, List.of()).orElseThrow();
    assertThat(level.text())
        .isEqualTo("high: in the highest third of the last day's 100 to 700 gCO2/kWh");
  }

  @Test
  void aSteadyGridHasNoLowOrHigh() {
    List<CarbonIntensity> past = hours(START.minus(Duration.ofHours(8)), 30, 30.2, 30.5);
    assertThat(level(30, past, List.of()).orElseThrow().text())
        .isEqualTo("steady: the last day's 30 to 31 gCO2/kWh");
  }

  @Test
  void aFreshDaemonComparesWithTheOutlook() {
    IntensityLevel level = level(100, hours(START, 100), hours(at(1), 200, 300, 400)).orElseThrow();
    assertThat(level.text())
        .isEqualTo("low: in the lowest third of the outlook's 100 to 400 gCO2/kWh");
  }

  @Test
  void whereNothingIsKnownToCompareWithThereIsNoLevel() {
    assertThat(level(100, List.of(), List.of())).isEmpty();
    assertThat(level(100, hours(START, 100), List.of())).isEmpty();
  }

  private static Optional<IntensityLevel> level(
      double grams, List<CarbonIntensity> past, List<CarbonIntensity> ahead) {
    return IntensityLevel.of(hours(START, grams).getFirst(), past, ahead, DAY, START);
  }
}
