package chase.daemon.cli.view;

import static org.assertj.core.api.Assertions.assertThat;

import chase.daemon.api.OutlookBody;
import chase.daemon.api.OutlookBody.IntervalBody;
import chase.daemon.api.OutlookBody.ModelErrorBody;
import chase.daemon.api.OutlookBody.PeriodBody;
import chase.daemon.api.SignalBody;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SignalTextTest {
  private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");

  private static Instant hour(int hours) {
    return NOON.plusSeconds(3600L * hours);
  }

  /** From 100 up to 480 and down again, with wider intervals the further away. */
  private static List<PeriodBody> day(int hours) {
    return IntStream.range(0, hours)
        .mapToObj(i -> {
          double grams = 290 - 190 * Math.cos(i * Math.PI / 12);
          return new PeriodBody(
              hour(i),
              hour(i + 1),
              grams,
              Optional.of(grams * (1 - i / 100.0)),
              Optional.of(grams * (1 + i / 100.0)),
              "own-forecast",
              Optional.of(i < 4 ? "lite" : "yesterday"));
        })
        .toList();
  }

  private static SignalBody signal(Optional<OutlookBody> outlook) {
    return new SignalBody(
        "electricitymaps",
        "DE",
        new SignalBody.LevelBody(2, "own-forecast"),
        true,
        7200,
        Optional.empty(),
        Optional.of(520.0),
        Optional.empty(),
        Optional.of(
            new SignalBody.FailureBody("provider_down", "no answer", NOON, Optional.of(hour(1)))),
        12,
        3,
        Optional.of(
            new SignalBody.PriceBody(
                "energinet",
                "DK1",
                true,
                Optional.of(
                    new SignalBody.PriceBody.CurrentPrice(-12.5, "EUR", "measured", NOON, hour(1))),
                Optional.of(140.0),
                Optional.empty(),
                1,
                0)),
        new SignalBody.Weights(1, 0.5),
        List.of("Energi Data Service (Energinet), CC BY 4.0"),
        List.of("the provider calls price deprecated"),
        outlook);
  }

  @Test
  void theLevelTheTroubleAndThePriceAreFacts() {
    assertThat(SignalText.of(signal(Optional.empty()), TestLayouts.of(80)).lines())
        .containsExactly(
            "provider   electricitymaps for DE",
            "level      2, own-forecast",
            "trusted    yes, up to an age of 2 h",
            "reference  520 gCO2/kWh",
            "polls      12 ok, 3 failed",
            "trouble    no answer (provider_down, since 12:00 UTC); polled again in 1 h",
            "price      -12.5 EUR/MWh in DK1, measured; the reference is 140",
            "weights    carbon 1, price 0.5",
            "notice     the provider calls price deprecated",
            "data       Energi Data Service (Energinet), CC BY 4.0");
  }

  @Test
  void theStatusNamesWhatIsWrongAndWhenTheNextPollIs() {
    assertThat(StatusText.grid(signal(Optional.empty()), TestLayouts.of(80).times()))
        .startsWith("DE: no value from electricitymaps yet (no answer; polled again in 1 h); ");
  }

  @Test
  void theDayAheadIsASmallChartWithItsInterval() {
    List<String> chart = SignalChart.of(day(48), TestLayouts.of(80));
    assertThat(chart).hasSize(12);
    assertThat(chart).allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(80));
    assertThat(chart.get(7)).startsWith("      │███");
    assertThat(chart.get(0)).contains("░").doesNotContain("█");
    assertThat(String.join("\n", chart)).contains("▓");
    assertThat(chart.get(9))
        .isEqualTo("       12:00             18:00             00:00             06:00 UTC");
  }

  @Test
  void fiveMinutePeriodsStillFitTheTerminal() {
    List<PeriodBody> fine =
        IntStream.range(0, 288)
            .mapToObj(i ->
                new PeriodBody(
                    NOON.plusSeconds(300L * i),
                    NOON.plusSeconds(300L * i + 300),
                    0,
                    Optional.empty(),
                    Optional.empty(),
                    "forecast",
                    Optional.empty()))
            .toList();
    assertThat(SignalChart.of(fine, TestLayouts.of(80)))
        .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(80));
    assertThat(SignalChart.of(List.of(), TestLayouts.of(80))).isEmpty();
  }

  @Test
  void modelsAreMeasuredBesideEachOtherAndProvidersAreListed() {
    OutlookBody outlook =
        new OutlookBody(
            day(24),
            List.of(
                new ModelErrorBody("persistence", 900, 0.012, 90, false),
                new ModelErrorBody("persistence", 3600, 0.031, 90, false),
                new ModelErrorBody("lite", 3600, 0.016, 90, true),
                new ModelErrorBody("yesterday", 86_400, 0.09, 60, true)),
            List.of(new IntervalBody(3600, 0.79, 90)),
            List.of(
                new OutlookBody.Provider(
                    "electricitymaps",
                    "DE",
                    Optional.of("no answer"),
                    Optional.empty(),
                    hour(1),
                    Map.of("jump", 2L),
                    Optional.of("a jump"),
                    Map.of("answered", 12L),
                    Optional.of(12),
                    Optional.of(50))),
            List.of());
    String text = SignalText.of(signal(Optional.of(outlook)), TestLayouts.of(80));
    assertThat(text)
        .contains("by own model lite, then own\nmodel yesterday")
        .containsPattern("electricitymaps +DE +in 1 h +12 +50 +2 jump +no answer")
        .containsPattern("15 min ahead +1.2 +- +-")
        .containsPattern("1 h ahead +3.1 +1.6\\* +- +79.0")
        .containsPattern("24 h ahead +- +- +9.0\\* +-")
        .contains("* is used");
  }
}
