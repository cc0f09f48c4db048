package chase.carbon.forecast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import chase.carbon.GramsPerKwh;
import chase.carbon.SignalKind.Margin;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ForecasterTest {
  private static final Instant START = Instant.parse("2026-03-01T00:00:00Z");
  private static final Duration HOUR = Duration.ofHours(1);

  private final Forecaster forecaster = new Forecaster(TimeGrid.of(HOUR), Margin.AVERAGE);

  private static double daily(int hour) {
    return 300 + 100 * Math.sin(2 * Math.PI * hour / 24);
  }

  private static Instant at(int hour) {
    return START.plus(HOUR.multipliedBy(hour));
  }

  private Forecaster.LearnResult feed(int hour, double value) {
    return forecaster.learn(Forecaster.ObservedValue.of(at(hour), new GramsPerKwh(value)));
  }

  @Test
  void thereIsNoForecastBeforeTheFirstValue() {
    assertThat(forecaster.forecast(START, Duration.ofDays(1))).isEmpty();
  }

  @Test
  void oneValuePersists() {
    feed(0, 250);
    List<ForecastPoint> ahead = forecaster.forecast(at(0).plusSeconds(60), Duration.ofHours(3));
    assertThat(ahead).extracting(ForecastPoint::from).containsExactly(at(1), at(2), at(3));
    assertThat(ahead)
        .allSatisfy(slot -> assertThat(slot.value().value()).isCloseTo(250, within(1e-9)));
    assertThat(ahead).allSatisfy(slot -> assertThat(slot.low()).isLessThan(slot.high()));
  }

  @Test
  void aDailyProfileIsForecastAsItWasBefore() {
    for (int hour = 0; hour < 10 * 24; hour++) {
      feed(hour, daily(hour));
    }
    List<ForecastPoint> day = forecaster.forecast(at(240), Duration.ofDays(1));
    assertThat(day).hasSize(24);
    for (int hour = 0; hour < 24; hour++) {
      assertThat(day.get(hour).value().value()).isCloseTo(daily(hour), within(5.0));
    }
  }

  @Test
  void whenValuesAreMissingTheCurrentSlotIsForecast() {
    for (int hour = 0; hour < 72; hour++) {
      feed(hour, daily(hour));
    }
    Instant now = at(75).plusSeconds(600);
    assertThat(forecaster.forecast(now, Duration.ofHours(2)))
        .extracting(ForecastPoint::from)
        .containsExactly(at(75), at(76), at(77));
  }

  @Test
  void aSlotIsLearnedOnceAndInOrder() {
    assertThat(feed(5, 100)).isEqualTo(Forecaster.LearnResult.LEARNED);
    assertThat(feed(5, 200)).isEqualTo(Forecaster.LearnResult.REPEATED);
    assertThat(feed(4, 200)).isEqualTo(Forecaster.LearnResult.OUTDATED);
    assertThat(forecaster.forecast(at(6), HOUR).getFirst().value().value())
        .isCloseTo(100, within(1e-9));
  }

  @Test
  void aNewModelOfTheProviderRestartsLearning() {
    LocalDate before = LocalDate.of(2025, 1, 1);
    for (int hour = 0; hour < 48; hour++) {
      forecaster.learn(
          new Forecaster.ObservedValue(at(hour), new GramsPerKwh(100), Optional.of(before)));
    }
    Forecaster.ObservedValue shifted =
        new Forecaster.ObservedValue(
            at(48), new GramsPerKwh(400), Optional.of(before.plusYears(1)));
    assertThat(forecaster.learn(shifted)).isEqualTo(Forecaster.LearnResult.RESTARTED);
    assertThat(forecaster.scores().scores()).isEmpty();
    assertThat(forecaster.forecast(at(49), Duration.ofDays(1)))
        .allSatisfy(slot -> assertThat(slot.value().value()).isCloseTo(400, within(1e-6)));
  }

  @Test
  void aMarginalSignalIsNotForecastForHours() {
    Forecaster marginal = new Forecaster(TimeGrid.of(Duration.ofMinutes(5)), Margin.MARGINAL);
    for (int i = 0; i < 3 * 288; i++) {
      marginal.learn(
          Forecaster.ObservedValue.of(START.plusSeconds(300L * i), new GramsPerKwh(400)));
    }
    Instant now = START.plusSeconds(300L * 3 * 288);
    List<ForecastPoint> ahead = marginal.forecast(now, Duration.ofDays(1));
    assertThat(ahead.getLast().to()).isEqualTo(now.plus(HOUR));
  }

  @Test
  void theProvidersForecastCountsWhereItIsTheBest() {
    for (int hour = 0; hour < 20 * 24; hour++) {
      double truth = 200 + hour * 7919 % 211;
      feed(hour, truth);
      int next = hour + 1;
      forecaster.useProviderForecast(
          new Forecaster.ProviderForecast(
              List.of(
                  new Forecaster.ProviderForecast.ForecastPeriod(
                      at(next), at(next + 1), new GramsPerKwh(200 + next * 7919 % 211)))));
    }
    assertThat(forecaster.forecast(at(480), HOUR).getFirst().value().value())
        .isCloseTo(200 + 480 * 7919 % 211, within(2.0));
  }

  @Test
  void zeroIsAValue() {
    for (int hour = 0; hour < 72; hour++) {
      feed(hour, 0);
    }
    assertThat(forecaster.forecast(at(72), Duration.ofDays(1)))
        .allSatisfy(slot -> assertThat(slot.value().value()).isZero());
  }
}
