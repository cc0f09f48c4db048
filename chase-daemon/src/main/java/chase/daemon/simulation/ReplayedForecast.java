package chase.daemon.simulation;

import chase.carbon.GramsPerKwh;
import chase.carbon.SignalKind.Margin;
import chase.carbon.forecast.ForecastPoint;
import chase.carbon.forecast.Forecaster;
import chase.carbon.forecast.TimeGrid;
import chase.zeus.policy.EnergyOutlook.Slot;
import chase.zeus.replay.ForecastView;
import chase.zeus.replay.ReplayJob;
import chase.zeus.replay.WeightTrace;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What the forecaster of hosts would have forecast at each moment of some jobs. It receives the
 * recording once, from its beginning, and its forecasts while a job ran serve all policies.
 */
final class ReplayedForecast implements ForecastView {
  /** The maximum of kept numbers, two bytes each; beyond it only every n-th slot is kept. */
  private static final long MAX_NUMBERS = 8_000_000;

  private static final long MINUTES_A_DAY = 1440;

  /** The forecaster expects numbers of the size of gCO2/kWh; other weights are brought to it. */
  private static final double USUAL = 300;

  private final WeightTrace recording;
  private final Duration step;
  private final Duration longest;
  private final double scale;
  private final int stride;
  private final Map<Long, short[]> forecasts = new HashMap<>();

  /**
   * The forecasts for {@code jobs}.
   *
   * @param longest the longest that one of them lasts
   */
  ReplayedForecast(RecordedEnergy energy, List<ReplayJob> jobs, Duration longest) {
    this.recording = energy.weight();
    this.longest = longest.compareTo(REACH) > 0 ? REACH : longest;
    step = step(recording);
    scale = energy.carbonAlone() ? 1 : scale(recording);
    long slots = longest.dividedBy(step) + 1;
    long kept = jobs.size() * slots * (this.longest.dividedBy(step) + 1);
    stride = Math.toIntExact(Math.max(1, Math.ceilDiv(kept, MAX_NUMBERS)));
    recordForecasts(jobs, longest);
  }

  /** The usual length of a slot, shortened until it divides a day into whole minutes. */
  private static Duration step(WeightTrace recording) {
    long[] seconds =
        recording.between(recording.from(), recording.to()).stream()
            .mapToLong(slot -> Duration.between(slot.from(), slot.to()).toSeconds())
            .sorted()
            .toArray();
    long minutes = Math.clamp(seconds[seconds.length / 2] / 60, 1, MINUTES_A_DAY);
    while (MINUTES_A_DAY % minutes != 0) {
      minutes--;
    }
    return Duration.ofMinutes(minutes);
  }

  /** What brings the mean of the first day to {@link #USUAL}. */
  private static double scale(WeightTrace recording) {
    double mean =
        recording.between(recording.from(), recording.from().plus(Duration.ofDays(1))).stream()
            .mapToDouble(Slot::weight)
            .average()
            .orElseThrow();
    return mean > 0 ? USUAL / mean : USUAL;
  }

  private void recordForecasts(List<ReplayJob> jobs, Duration lasting) {
    Forecaster forecaster = new Forecaster(TimeGrid.of(step), Margin.AVERAGE);
    Instant end =
        jobs.stream().map(ReplayJob::start).max(Instant::compareTo).orElseThrow().plus(lasting);
    Instant last = end.isBefore(recording.to()) ? end : recording.to();
    for (long slot = slot(recording.from()); start(slot).isBefore(last); slot++) {
      double weight = scale * recording.at(start(slot)).weight();
      forecaster.learn(Forecaster.ObservedValue.of(start(slot), new GramsPerKwh(weight)));
      if (slot % stride == 0 && isWanted(slot, jobs, lasting)) {
        forecasts.put(slot, halfPrecision(forecaster.forecast(start(slot + 1), longest)));
      }
    }
  }

  /** Whether a job may run in the slots from {@code slot} to the next one that is kept. */
  private boolean isWanted(long slot, List<ReplayJob> jobs, Duration lasting) {
    Instant from = start(slot);
    Instant to = start(slot + stride);
    return jobs.stream()
        .anyMatch(job -> job.start().isBefore(to) && from.isBefore(job.start().plus(lasting)));
  }

  private short[] halfPrecision(List<ForecastPoint> ahead) {
    short[] small = new short[ahead.size()];
    for (int i = 0; i < small.length; i++) {
      small[i] = Float.floatToFloat16((float) (ahead.get(i).value().value() / scale));
    }
    return small;
  }

  private long slot(Instant at) {
    return Math.floorDiv(at.getEpochSecond(), step.toSeconds());
  }

  private Instant start(long slot) {
    return Instant.ofEpochSecond(slot * step.toSeconds());
  }

  /** Beyond the forecast its last day repeats; without a forecast the running weight stays. */
  @Override
  public double weight(WeightTrace replayed, Instant at, Slot slot) {
    long origin = slot(at) - Math.floorMod(slot(at), (long) stride);
    short[] known = forecasts.getOrDefault(origin, new short[0]);
    long ahead = slot(slot.from()) - origin - 1;
    while (ahead >= known.length && ahead >= 0) {
      ahead -= MINUTES_A_DAY / step.toMinutes();
    }
    return ahead < 0 ? replayed.at(at).weight() : Float.float16ToFloat(known[(int) ahead]);
  }
}
