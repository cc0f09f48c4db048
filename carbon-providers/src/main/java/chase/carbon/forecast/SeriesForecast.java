package chase.carbon.forecast;

import chase.carbon.CarbonIntensity;
import chase.carbon.Provenance;
import chase.carbon.SeriesForecaster;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The forecaster at the side of a live series: it learns the series' own period from the numbers
 * that come, and gives what it foresees the provenance of every other number. A recording is
 * foreseen in the recording's own time, at whatever speed it is played.
 */
public final class SeriesForecast implements SeriesForecaster {
  private static final Duration USUAL_HORIZON = Duration.ofDays(2);

  private final Duration horizon;
  private Optional<CarbonIntensity> last = Optional.empty();
  private Optional<PlaybackTime> tempo = Optional.empty();
  private Optional<PlaybackTime> odd = Optional.empty();
  private Optional<Forecaster> forecaster = Optional.empty();
  private volatile ForecastScores standing = new ForecastScores(List.of(), List.of());
  private volatile List<ForecastPoint> foreseen = List.of();

  /** A forecast of two days, as far as the series can be foreseen. */
  public SeriesForecast() {
    this(USUAL_HORIZON);
  }

  /** A forecast as far as {@code horizon} in the series' own time, or as it can be foreseen. */
  public SeriesForecast(Duration horizon) {
    this.horizon = horizon;
  }

  /**
   * How the forecasts did, as of the newest number.
   *
   * @param scores of every model at every horizon
   * @param coverage of the intervals
   */
  public record ForecastScores(List<ModelScore> scores, List<IntervalCoverage> coverage) {
    /** Copies the lists. */
    public ForecastScores {
      scores = List.copyOf(scores);
      coverage = List.copyOf(coverage);
    }
  }

  /** How the forecasts did, as of the last look {@link #forecast}; any thread may ask. */
  public ForecastScores scores() {
    return standing;
  }

  /**
   * What {@link #forecast} foresaw last, with its intervals, on the wall's time; any thread may
   * ask.
   */
  public List<ForecastPoint> points() {
    return foreseen;
  }

  @Override
  public void add(CarbonIntensity sample) {
    Optional<PlaybackTime> heard = PlaybackTime.after(last, sample);
    Optional<CarbonIntensity> before = last;
    last = Optional.of(sample);
    if (heard.isPresent() && !sameStep(heard, tempo)) {
      if (tempo.isPresent() && !sameStep(heard, odd)) {
        // One odd period is no new rhythm, and has no place in the old one.
        odd = heard;
        return;
      }
      boolean first = tempo.isEmpty();
      forecaster = Optional.of(newForecaster(heard.get(), sample));
      tempo = heard;
      before.filter(earlier -> first).ifPresent(this::learn);
    }
    odd = Optional.empty();
    tempo = heard.or(() -> tempo);
    learn(sample);
  }

  private static boolean sameStep(Optional<PlaybackTime> a, Optional<PlaybackTime> b) {
    return a.map(PlaybackTime::step).equals(b.map(PlaybackTime::step));
  }

  private static Forecaster newForecaster(PlaybackTime tempo, CarbonIntensity sample) {
    return new Forecaster(TimeGrid.of(tempo.step()), sample.kind().margin());
  }

  private void learn(CarbonIntensity sample) {
    if (forecaster.isEmpty() || tempo.isEmpty()) {
      return;
    }
    Instant from = PlaybackTime.recorded(sample);
    Forecaster.LearnResult reception =
        forecaster
            .get()
            .learn(new Forecaster.ObservedValue(from, sample.value(), sample.modelDate()));
    if (reception == Forecaster.LearnResult.OUTDATED
        && sample.provenance() instanceof Provenance.Replayed) {
      // The recording began anew.
      forecaster = Optional.of(newForecaster(tempo.get(), sample));
      forecaster
          .get()
          .learn(new Forecaster.ObservedValue(from, sample.value(), sample.modelDate()));
    }
  }

  @Override
  public void addProviderForecast(List<CarbonIntensity> ahead) {
    forecaster.ifPresent(known ->
        known.useProviderForecast(
            new Forecaster.ProviderForecast(
                ahead.stream()
                    .map(point ->
                        new Forecaster.ProviderForecast.ForecastPeriod(
                            point.validFrom(), point.validTo(), point.value()))
                    .toList())));
  }

  @Override
  public List<CarbonIntensity> forecast(Instant now) {
    if (forecaster.isEmpty() || tempo.isEmpty() || last.isEmpty()) {
      return List.of();
    }
    PlaybackTime pace = tempo.get();
    CarbonIntensity newest = last.get();
    standing = new ForecastScores(forecaster.get().scores(), forecaster.get().coverage());
    foreseen =
        forecaster.get().forecast(pace.toRecorded(newest, now), horizon).stream()
            .map(slot -> atWallTime(slot, newest, pace))
            .filter(slot -> slot.to().isAfter(now))
            .toList();
    return foreseen.stream().map(slot -> intensity(slot, newest)).toList();
  }

  private static ForecastPoint atWallTime(
      ForecastPoint slot, CarbonIntensity newest, PlaybackTime pace) {
    return new ForecastPoint(
        pace.toWall(newest, slot.from()),
        pace.toWall(newest, slot.to()),
        slot.value(),
        slot.low(),
        slot.high(),
        slot.model());
  }

  private static CarbonIntensity intensity(ForecastPoint slot, CarbonIntensity newest) {
    return new CarbonIntensity(
        slot.value(),
        newest.kind(),
        new Provenance.ForecastByChase(
            Duration.between(newest.validTo(), slot.from()), slot.model().word()),
        newest.provider(),
        newest.region(),
        slot.from(),
        slot.to(),
        newest.publishedAt(),
        newest.fetchedAt(),
        newest.modelDate());
  }
}
