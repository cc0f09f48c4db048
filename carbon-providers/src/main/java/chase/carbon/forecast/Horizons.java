package chase.carbon.forecast;

import java.time.Duration;
import java.util.stream.IntStream;

/** The horizons at which forecasts are made, scored and learned from, in steps, ascending. */
final class Horizons {
  private static final int[] MINUTES = {5, 10, 15, 30, 45};
  private static final int HOURLY = 24;
  private static final int HOURS_BEYOND = 3;

  private final int[] steps;

  private Horizons(int[] steps) {
    this.steps = steps;
  }

  /** One step, a few within the hour, every hour of a day, and every third up to {@code reach}. */
  static Horizons upTo(Duration reach, Rhythm rhythm) {
    int most = Math.max(1, rhythm.steps(reach));
    long hours = reach.toHours();
    IntStream minutes =
        IntStream.of(MINUTES)
            .filter(
                minute -> Duration.ofMinutes(minute).toSeconds() % rhythm.step().toSeconds() == 0)
            .map(minute -> rhythm.steps(Duration.ofMinutes(minute)));
    IntStream whole =
        IntStream.rangeClosed(1, Math.toIntExact(hours))
            .filter(hour -> hour <= HOURLY || hour % HOURS_BEYOND == 0)
            .map(hour -> rhythm.steps(Duration.ofHours(hour)));
    IntStream all = IntStream.concat(IntStream.of(1, most), IntStream.concat(minutes, whole));
    return new Horizons(
        all.filter(step -> step >= 1 && step <= most).sorted().distinct().toArray());
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
}
