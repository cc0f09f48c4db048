package chase.daemon.simulation;

import chase.carbon.forecast.Backtest;
import chase.carbon.forecast.Forecaster;
import chase.carbon.forecast.TimeGrid;
import chase.carbon.trace.Trace;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Every model of the forecaster scored on a recorded grid, as if it had been live.
 *
 * @param trace the grid
 * @param from values from here on are scored
 * @param to values from here on are not
 * @param history how much of what lies before {@code from} the models may learn from; all of it
 *     where empty
 * @param horizons how far ahead, multiples of the signal's step
 * @param dayAhead whether whole days of UTC are also forecast at their beginning
 */
public record ForecastBacktest(
    Trace trace,
    Instant from,
    Instant to,
    Optional<Duration> history,
    List<Duration> horizons,
    boolean dayAhead) {
  /**
   * Refuses a time that the trace does not cover.
   *
   * @throws IllegalArgumentException that names the options
   */
  public ForecastBacktest {
    horizons = List.copyOf(horizons);
    Instant begin = history.map(from::minus).orElse(from);
    if (begin.isBefore(trace.first()) || to.isAfter(trace.end()) || !from.isBefore(to)) {
      throw new IllegalArgumentException(
          "--from %s%s and --to %s must lie within %s, which covers %s to %s"
              .formatted(
                  from,
                  history.map(known -> " less --history of " + known.toHours() + " h").orElse(""),
                  to,
                  trace.file(),
                  trace.first(),
                  trace.end()));
    }
  }

  /** What lies before this moment is not learned from. */
  public Instant begin() {
    return history.map(from::minus).orElseGet(trace::first);
  }

  /**
   * The figures, by horizon and model.
   *
   * @throws IllegalArgumentException that names the file when its steps cannot be forecast, or the
   *     horizon that is no multiple of its step
   */
  public List<Backtest.ModelAccuracy> rows() {
    Backtest test = new Backtest(rhythm(), from, to, horizons, dayAhead);
    for (int row = 0; row < trace.rows() && trace.from(row).isBefore(to); row++) {
      if (!trace.from(row).isBefore(begin())) {
        test.add(Forecaster.ObservedValue.of(trace.from(row), trace.value(row)));
      }
    }
    return test.rows();
  }

  private TimeGrid rhythm() {
    try {
      return TimeGrid.of(trace.step());
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(trace.file() + ": " + e.getMessage(), e);
    }
  }
}
