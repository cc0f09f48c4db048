package chase.zeus.gpu;

import chase.zeus.unit.Joules;
import chase.zeus.unit.Watts;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * One sample of a GPU. What the GPU does not report is empty.
 *
 * @param limits requested and enforced power limit
 * @param power the draw, averaged as the GPU averages it
 * @param energy the GPU's own energy counter, which restarts with the driver
 * @param utilization the share of time with a kernel running, 0 to 1
 * @param smClockMegahertz the SM clock
 * @param memoryClockMegahertz the memory clock
 * @param temperatureCelsius the GPU's temperature
 * @param clockEventReasons why clocks are held down; an empty set when nothing holds them down
 * @param powerCapped how long the power limit has slowed the GPU since the driver was loaded
 * @param persistenceMode whether the driver stays loaded without clients
 * @param activity how fast the GPU works, for jobs that report no steps
 */
public record GpuReading(
    Optional<PowerLimits> limits,
    Optional<Watts> power,
    Optional<Joules> energy,
    Optional<Double> utilization,
    Optional<Integer> smClockMegahertz,
    Optional<Integer> memoryClockMegahertz,
    Optional<Integer> temperatureCelsius,
    Optional<Set<ClockEventReason>> clockEventReasons,
    Optional<Duration> powerCapped,
    Optional<Boolean> persistenceMode,
    Optional<Activity> activity) {
  /** The same sample without its draw. */
  public GpuReading withoutPower() {
    return new GpuReading(
        limits,
        Optional.empty(),
        energy,
        utilization,
        smClockMegahertz,
        memoryClockMegahertz,
        temperatureCelsius,
        clockEventReasons,
        powerCapped,
        persistenceMode,
        activity);
  }

  /**
   * How fast a GPU works, as reported by the GPU and not by its job: a substitute for training
   * steps a second where no job reports any. Only values of one GPU and one source may be compared,
   * and only while it runs one job: the cycles of a step differ from job to job.
   *
   * <p><b>From counters ({@code gpm})</b>: the share of cycles in which a floating-point pipe
   * (tensor, FP64, FP32, FP16, added up) of the average SM worked, times the SM clock. A training
   * step is a fixed number of such operations and each holds its pipe for a fixed number of cycles,
   * so busy cycles a second are proportional to steps a second at every power limit, whatever the
   * mix of pipes. The clock must be a factor: the share alone stays where it is, or rises, when the
   * clock falls. Two more obvious counters are not proportional. An SM counts as busy while it
   * waits for memory, which takes fewer cycles at a lower clock. The integer pipe works while a
   * kernel spins on another GPU's answer, so it is busiest when nothing gets done. The share is a
   * mean since the reading before, the clock is that of the moment: a reading that spans a change
   * of the limit mixes both.
   *
   * <p><b>From clocks ({@code clock})</b>: the share of time with a kernel running, times the SM
   * clock. It assumes that a whole step slows with the clock. The parts that wait for memory or for
   * other GPUs do not, so a lower limit looks slower than it is: a slowdown budget is kept, but not
   * used up.
   *
   * @param cyclesPerSecond SM cycles of work a second, never negative
   * @param source how it was measured
   */
  public record Activity(double cyclesPerSecond, Source source) {
    /** How a GPU's activity is measured, the better way first. */
    public enum Source {
      /** Hardware counters (NVML's GPU performance monitoring), Hopper and newer. */
      GPM("gpm"),
      /** SM clock times utilization; overstates a slowdown. */
      CLOCK("clock");

      private final String label;

      Source(String label) {
        this.label = label;
      }

      /** Its name in the API, metrics and logs. */
      public String label() {
        return label;
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

  /** Why a GPU's clocks are below their maximum (nvml.h, nvmlClocksEventReasons). */
  public enum ClockEventReason {
    /** Nothing runs. */
    IDLE(0x1),
    /** The user's application clocks. */
    APPLICATION_CLOCKS(0x2),
    /** The power limit; Chase's limits show as this. */
    SW_POWER_CAP(0x4),
    /** A hardware slowdown, thermal or power. */
    HW_SLOWDOWN(0x8),
    /** Clocks held equal with other GPUs. */
    SYNC_BOOST(0x10),
    /** Temperature, by software. */
    SW_THERMAL(0x20),
    /** Temperature, by hardware. */
    HW_THERMAL(0x40),
    /** The system's power brake. */
    HW_POWER_BRAKE(0x80),
    /** Display clocks. */
    DISPLAY(0x100);

    private final long bit;

    ClockEventReason(long bit) {
      this.bit = bit;
    }

    /** The reasons whose bits are set in a driver's mask; unknown bits are left out. */
    public static Set<ClockEventReason> ofMask(long mask) {
      Set<ClockEventReason> reasons = EnumSet.noneOf(ClockEventReason.class);
      for (ClockEventReason reason : values()) {
        if ((mask & reason.bit) != 0) {
          reasons.add(reason);
        }
      }
      return reasons;
    }
  }
}
