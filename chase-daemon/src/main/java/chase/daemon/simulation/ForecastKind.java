package chase.daemon.simulation;

import chase.zeus.replay.ForecastView;
import chase.zeus.replay.ReplayJob;
import java.time.Duration;
import java.util.List;

/** The forecasts that a replay can be made with. */
public enum ForecastKind {
  /** The recording itself. */
  PERFECT,
  /** The forecaster that also runs on hosts, fed with what was known at each moment. */
  OWN,
  /** The same hour of the day before. */
  YESTERDAY,
  /** The present weight stays. */
  PERSISTENCE;

  /**
   * The forecast for {@code jobs}, each of which lasts at most {@code longest}.
   *
   * @param energy what the jobs are replayed on
   */
  public ForecastView on(RecordedEnergy energy, List<ReplayJob> jobs, Duration longest) {
    return switch (this) {
      case PERFECT -> ForecastView.PERFECT;
      case OWN -> new ReplayedForecast(energy, jobs, longest);
      case YESTERDAY -> ForecastView.YESTERDAY;
      case PERSISTENCE -> ForecastView.PERSISTENCE;
    };
  }
}
