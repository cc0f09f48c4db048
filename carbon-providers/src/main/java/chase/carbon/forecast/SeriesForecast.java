package chase.carbon.forecast;

import chase.carbon.CarbonIntensity;
import chase.carbon.Provenance;
import chase.carbon.SeriesForecaster;
import chase.carbon.forecast.Forecaster.LearnResult;
import chase.carbon.forecast.Forecaster.ObservedValue;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The forecaster of a live series: it learns the series' own period from the values that arrive,
 * and gives its forecasts the provenance that every value has. A recording is forecast in its own
 * time, at whatever speed it is played.
 */
public final class SeriesForecast implements SeriesForecaster {
  private static final Duration DEFAULT_HORIZON = Duration.ofDays(2);

  private final Duration horizon;
  private Optional<CarbonIntensity> last = Optional.empty();
  private Optional<PlaybackTime> playback = Optional.empty();
  private Optional<PlaybackTime> odd = Optional.empty();
  private Optional<Forecaster> forecaster = Optional.empty();
  private volatile ForecastScores scores = ForecastScores.NONE;
  private volatile List<ForecastPoint> points = List.of();

  /** A forecast of two days, as far as the models reach. */
  public SeriesForecast() {
    this(DEFAULT_HORIZON);
  }

  /** A forecast as far as {@code horizon} in the series' own time, or as the models reach. */
  public SeriesForecast(Duration horizon) {
    this.horizon = horizon;
  }

  /** How the forecasts did, as of the last {@link #forecast}; for any thread. */
  public ForecastScores scores() {
    return scores;
  }

  /** The last {@link #forecast} with its intervals, in wall time; for any thread. */
  public List<ForecastPoint> points() {
    return points;
  }

  @Override
  public void add(CarbonIntensity sample) {
    Optional<PlaybackTime> next = PlaybackTime.after(last, sample);
    Optional<CarbonIntensity> before = last;
    last = Optional.of(sample);
    if (next.isPresent() && !sameStep(next, playback)) {
      if (playback.isPresent() && !sameStep(next, odd)) {
        // One odd period is no new step, and does not fit the old one.
        odd = next;
        return;
      }
      boolean first = playback.isEmpty();
      forecaster = Optional.of(newForecaster(next.get(), sample));
      playback = next;
      before.filter(earlier -> first).ifPresent(this::learn);
    }
    odd = Optional.empty();
    playback = next.or(() -> playback);
    learn(sample);
  }

  private static boolean sameStep(Optional<PlaybackTime> a, Optional<PlaybackTime> b) {
    return a.map(PlaybackTime::step).equals(b.map(PlaybackTime::step));
  }

  private static Forecaster newForecaster(PlaybackTime playback, CarbonIntensity sample) {
    return new Forecaster(TimeGrid.of(playback.step()), sample.kind().margin());
  }

  private void learn(CarbonIntensity sample) {
    if (forecaster.isEmpty() || playback.isEmpty()) {
      return;
    }
    ObservedValue observed =
        new ObservedValue(PlaybackTime.recorded(sample), sample.value(), sample.modelDate());
    LearnResult result = forecaster.get().learn(observed);
    if (result == LearnResult.OUTDATED && sample.provenance() instanceof Provenance.Replayed) {
      // The recording began again.
      forecaster = Optional.of(newForecaster(playback.get(), sample));
      forecaster.get().learn(observed);
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
    if (forecaster.isEmpty() || playback.isEmpty() || last.isEmpty()) {
      return List.of();
    }
    PlaybackTime time = playback.get();
    CarbonIntensity newest = last.get();
    scores = forecaster.get().scores();
    points =
        forecaster.get().forecast(time.toRecorded(newest, now), horizon).stream()
            .map(slot -> atWallTime(slot, newest, time))
            .filter(slot -> slot.to().isAfter(now))
            .toList();
    return points.stream().map(slot -> intensity(slot, newest)).toList();
  }

  private static ForecastPoint atWallTime(
      ForecastPoint slot, CarbonIntensity newest, PlaybackTime time) {
    return new ForecastPoint(
        time.toWall(newest, slot.from()),
        time.toWall(newest, slot.to()),
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
            Duration.between(newest.validTo(), slot.from()), slot.model().label()),
        newest.provider(),
        newest.region(),
        slot.from(),
        slot.to(),
        newest.publishedAt(),
        newest.fetchedAt(),
        newest.modelDate(),
        newest.via());
  }
}
