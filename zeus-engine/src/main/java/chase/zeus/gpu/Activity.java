package chase.zeus.gpu;

/**
 * How fast a card works, told by the card and not by its job: a stand-in for training steps a
 * second where nobody reports any. Only figures of one card and one source may be compared, and
 * only while it runs one job: what a step costs in cycles differs from job to job.
 *
 * <p><b>From counters ({@code gpm})</b>: the share of cycles in which a floating-point pipe
 * (tensor, FP64, FP32, FP16, added up) of the average SM worked, times the SM clock. A training
 * step is a fixed number of such operations and each holds its pipe for a fixed number of cycles,
 * so busy cycles a second are proportional to steps a second at every power limit, whatever the mix
 * of pipes. The clock must be a factor: the share alone stays where it is, or rises, when the clock
 * falls. Two likelier counters are not proportional. An SM counts as busy while it waits for
 * memory, which takes fewer cycles at a lower clock. The integer pipe works while a kernel spins on
 * another GPU's answer, so it is busiest when nothing gets done. The share is a mean since the
 * reading before, the clock is that of the moment: a reading that spans a change of the limit mixes
 * both.
 *
 * <p><b>From clocks ({@code clock})</b>: the share of time with a kernel running, times the SM
 * clock. It supposes that all of a step slows with the clock. The parts that wait for memory or for
 * other GPUs do not, so a lower limit looks slower than it is: a slowdown budget is kept, and not
 * used up.
 *
 * @param cyclesPerSecond SM cycles of work a second, never negative
 * @param source how it was found
 */
public record Activity(double cyclesPerSecond, Source source) {
  /** How a card's activity is found, the better way first. */
  public enum Source {
    /** Hardware counters (NVML's GPU performance monitoring), Hopper and newer. */
    GPM("gpm"),
    /** SM clock times utilization; overstates a slowdown. */
    CLOCK("clock");

    private final String word;

    Source(String word) {
      this.word = word;
    }

    /** What it is called wherever it shows. */
    public String word() {
      return word;
    }
  }

  /** Refuses a rate that is negative or no number with {@link IllegalArgumentException}. */
  public Activity {
    if (!(cyclesPerSecond >= 0) || Double.isInfinite(cyclesPerSecond)) {
      throw new IllegalArgumentException("activity must be >= 0 and finite: " + cyclesPerSecond);
    }
  }

  /**
   * The activity of an SM clock that works for a share of the time.
   *
   * @param share of cycles or of time; a sum over pipes may exceed 1
   */
  public static Activity of(double share, int smClockMegahertz, Source source) {
    return new Activity(share * smClockMegahertz * 1e6, source);
  }
}
