package chase.daemon.metrics;

import chase.carbon.CarbonIntensity;
import chase.carbon.CarbonUnavailable;
import chase.carbon.EnergyPrice;
import chase.carbon.GramsPerKwh;
import chase.carbon.MoneyPerMwh;
import chase.carbon.Provenance;
import chase.carbon.Region;
import chase.carbon.RejectReason;
import chase.carbon.SignalKind;
import chase.carbon.fallback.FallbackLevel;
import chase.carbon.fallback.SourceStatus;
import chase.carbon.forecast.ForecastScores;
import chase.carbon.forecast.ForecastScores.IntervalCoverage;
import chase.carbon.forecast.ForecastScores.ModelScore;
import chase.carbon.forecast.ModelKind;
import chase.carbon.http.CallCounts;
import chase.carbon.plausibility.RejectedValues;
import chase.daemon.grid.GridState;
import chase.daemon.grid.PriceState;
import chase.daemon.grid.SignalWeights;
import java.time.Duration;
import java.time.Instant;
import java.util.Currency;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The grid of a host, and who was polled about it. */
final class TestGrids {
  private TestGrids() {}

  static List<CallCounts> signalCalls() {
    return List.of(
        new CallCounts(
            "electricitymaps",
            Map.of(
                CallCounts.CallOutcome.ANSWERED,
                31L,
                CallCounts.CallOutcome.REFUSED,
                2L,
                CallCounts.CallOutcome.THROTTLED,
                1L),
            12,
            50,
            0));
  }

  /** A number whose period ended ten minutes before {@code now}; half an hour is the most. */
  static GridState grid(Instant now) {
    var intensity =
        new CarbonIntensity(
            new GramsPerKwh(412.5),
            new SignalKind(SignalKind.Margin.AVERAGE, SignalKind.EmissionScope.LIFECYCLE),
            new Provenance.Measured(),
            "electricitymaps",
            new Region("US-CAL-CISO"),
            now.minusSeconds(4200),
            now.minusSeconds(600),
            now.minusSeconds(900),
            now.minusSeconds(300),
            Optional.empty());
    return grid(Optional.of(intensity), Optional.empty(), Optional.of(520.0));
  }

  static GridState silentGrid() {
    var trouble =
        new GridState.PollFailure(
            CarbonUnavailable.FailureReason.PROVIDER_DOWN,
            "no answer",
            TestScrapes.NOW,
            TestScrapes.NOW.plusSeconds(40));
    return grid(Optional.empty(), Optional.of(trouble), Optional.empty());
  }

  /** A forecast from half an hour to thirteen hours ahead. */
  private static CarbonIntensity ahead(CarbonIntensity now) {
    return new CarbonIntensity(
        new GramsPerKwh(380),
        now.kind(),
        new Provenance.ForecastByProvider(Duration.ofHours(1)),
        now.provider(),
        now.region(),
        TestScrapes.NOW.plusSeconds(1800),
        TestScrapes.NOW.plusSeconds(13 * 3600),
        now.publishedAt(),
        now.fetchedAt(),
        Optional.empty());
  }

  private static GridState grid(
      Optional<CarbonIntensity> current,
      Optional<GridState.PollFailure> trouble,
      Optional<Double> reference) {
    return new GridState(
        "electricitymaps",
        new Region("US-CAL-CISO"),
        current.isPresent() ? FallbackLevel.LIVE : FallbackLevel.NO_SIGNAL,
        current,
        current.map(TestGrids::ahead).stream().toList(),
        trouble,
        Duration.ofMinutes(30),
        reference,
        7,
        2,
        current.isPresent() ? insight() : GridState.Details.NONE,
        current.map(known -> price()),
        SignalWeights.CARBON);
  }

  private static GridState.Details insight() {
    var held = new RejectedValues(Map.of(RejectReason.JUMP, 2L), Optional.empty());
    var link =
        new SourceStatus(
            "electricitymaps",
            new Region("US-CAL-CISO"),
            Optional.empty(),
            Optional.empty(),
            TestScrapes.NOW.plusSeconds(300),
            held);
    return new GridState.Details(
        List.of(link),
        new ForecastScores(
            List.of(
                new ModelScore(ModelKind.PERSISTENCE, Duration.ofHours(1), 0.025, 40, false),
                new ModelScore(ModelKind.PROFILE, Duration.ofHours(1), 0.0175, 40, true),
                new ModelScore(ModelKind.PROFILE, Duration.ofHours(3), 0.04, 40, true)),
            List.of(new IntervalCoverage(Duration.ofHours(1), 0.79, 40))),
        List.of());
  }

  private static PriceState price() {
    var price =
        new EnergyPrice(
            new MoneyPerMwh(-12.5, Currency.getInstance("EUR")),
            new Provenance.Measured(),
            "energinet",
            new Region("DK1"),
            TestScrapes.NOW.minusSeconds(1800),
            TestScrapes.NOW.plusSeconds(1800),
            TestScrapes.NOW.minusSeconds(86_400),
            TestScrapes.NOW.minusSeconds(60));
    return new PriceState(
        "energinet",
        new Region("DK1"),
        List.of(price),
        Optional.empty(),
        Duration.ofHours(2),
        Optional.of(140.0),
        3,
        0);
  }
}
