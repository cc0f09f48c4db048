package chase.daemon.gpu;

import chase.daemon.text.Durations;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How often GPUs are read and how long their calls may take; all above zero.
 *
 * @param telemetryPeriod how often each GPU is read
 * @param callDeadline how long a call may take before its GPU counts as hung
 * @param reopenAfter how long to wait before the driver is opened again; doubles up to a minute
 */
public record GpuTiming(Duration telemetryPeriod, Duration callDeadline, Duration reopenAfter) {
  /**
   * How long a GPU's thread may be busy before Vert.x writes a warning every second: never. Chase
   * has a deadline of its own and logs it once.
   */
  static final long UNWATCHED_DAYS = 36_500;

  /** Refuses times of zero or less. */
  public GpuTiming {
    if (!telemetryPeriod.isPositive() || !callDeadline.isPositive() || !reopenAfter.isPositive()) {
      throw new IllegalArgumentException("GPU times must be above zero");
    }
  }

  /** The same with another period. */
  GpuTiming readingEvery(Duration period) {
    return new GpuTiming(period, callDeadline, reopenAfter);
  }

  /** A time in whole seconds where it has them, such as {@code 10 s} or {@code 250 ms}. */
  static String text(Duration time) {
    return time.toMillis() % 1000 == 0 ? time.toSeconds() + " s" : time.toMillis() + " ms";
  }

  /** How long every reading of a GPU may fail before it is opened anew, the first time. */
  Duration failureTolerance() {
    return callDeadline.multipliedBy(6);
  }

  /** A GPU that was silent for longer than this is not known to be alive. */
  Duration maxSilence() {
    return callDeadline.multipliedBy(2).plus(telemetryPeriod);
  }

  /**
   * How long every reading of a GPU may fail before the GPU, or its driver, is opened anew: twice
   * as long after each time that this did not help. By the GPUs' indices.
   */
  static final class ReadingTolerance {
    private static final Duration MAX = Duration.ofHours(1);

    private final Duration usual;
    private final Map<Integer, Duration> longer = new HashMap<>();

    ReadingTolerance(Duration usual) {
      this.usual = usual;
    }

    /** Whether a GPU's readings fail for longer than they may. */
    boolean isExceeded(GpuWorker gpu, Duration failing) {
      return failing.compareTo(longer.getOrDefault(gpu.index(), usual)) >= 0;
    }

    /** These GPUs are opened anew. */
    void onReopening(List<GpuWorker> gpus) {
      gpus.forEach(gpu ->
          longer.compute(
              gpu.index(),
              (index, known) ->
                  Durations.shorter((known == null ? usual : known).multipliedBy(2), MAX)));
    }

    /** A GPU was read well. */
    void onReading(GpuWorker gpu) {
      longer.remove(gpu.index());
    }
  }
}
