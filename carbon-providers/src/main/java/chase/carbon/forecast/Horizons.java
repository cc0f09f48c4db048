package chase.carbon.forecast;

import java.time.Duration;
import java.util.stream.IntStream;

/** The horizons at which forecasts are learned and scored, in steps, ascending. */
final class Horizons {
  private static final int[] MINUTES = {5, 10, 15, 30, 45};
  private static final int HOURLY = 24;
  private static final int HOURS_BEYOND = 3;

  private final int[] steps;

  private Horizons(int[] steps) {
    this.steps = steps;
  }

  /** One step, a few within the hour, every hour of a day, and every third up to {@code reach}. */
  static Horizons upTo(Duration reach, TimeGrid timeGrid) {
    int most = Math.max(1, timeGrid.steps(reach));
    IntStream minutes =
        IntStream.of(MINUTES).filter(minute -> minute % timeGrid.step().toMinutes() == 0);
    IntStream hours =
        IntStream.rangeClosed(1, Math.toIntExact(reach.toHours()))
            .filter(hour -> hour <= HOURLY || hour % HOURS_BEYOND == 0)
            .map(hour -> Math.toIntExact(Duration.ofHours(hour).toMinutes()));
    IntStream steps =
        IntStream.concat(minutes, hours).map(minute -> timeGrid.steps(Duration.ofMinutes(minute)));
    return new Horizons(
        IntStream.concat(IntStream.of(1, most), steps)
            .filter(step -> step >= 1 && step <= most)
            .sorted()
            .distinct()
            .toArray());
  }

  int count() {
    return steps.length;
  }

  int steps(int i) {
    return steps[i];
  }

  int longest() {
    return steps[steps.length - 1];
  }

  /** The first horizon that is not shorter than {@code ahead} steps; the last one beyond it. */
  int covering(int ahead) {
    int i = 0;
    while (i < steps.length - 1 && steps[i] < ahead) {
      i++;
    }
    return i;
  }

  /** One number for each horizon, read at {@code ahead} steps: straight lines lie in between. */
  double between(double[] numbers, int ahead) {
    int above = covering(ahead);
    if (above == 0 || steps[above] <= ahead) {
      return numbers[above];
    }
    double share = (double) (steps[above] - ahead) / (steps[above] - steps[above - 1]);
    return share * numbers[above - 1] + (1 - share) * numbers[above];
  }
}
