package chase.zeus.gpu;

import chase.zeus.gpu.RejectedReadings.ReadingFault;
import chase.zeus.unit.Joules;
import chase.zeus.unit.Watts;
import java.time.Duration;
import java.util.Optional;

/**
 * The maximum that a GPU can draw. A reading above it is a fault of the GPU or the driver.
 *
 * @param highest the highest draw that is accepted
 */
public record PowerBound(Watts highest) {
  /** Averaged draws exceed a limit slightly for moments, and never by this much. */
  private static final double HEADROOM = 1.5;

  /** A module is up to two GPUs (GB200) and a CPU with its memory, which takes less than a GPU. */
  private static final int GPUS_OF_A_MODULE = 3;

  /** For a GPU that reports no limits: today's largest modules draw less. */
  private static final Watts UNLIMITED_GPU = new Watts(3_000);

  /** A driver that reports a nonsensical range must not raise the bound without end. */
  private static final Watts ANY_GPU = new Watts(10_000);

  /** Counters move in steps, and a reading is a little older than its time. */
  private static final Duration LAG = Duration.ofMillis(500);

  /** At this utilization a GPU cannot draw nothing. */
  private static final double BUSY = 0.5;

  /**
   * The bound for a GPU's readings, from the highest limit that it can have; for its whole module
   * where it reports the module's draw, which the GPU's limit does not hold down.
   */
  public static PowerBound of(GpuTraits traits) {
    Optional<Watts> highest =
        traits.powerRange().map(PowerRange::max).or(traits::defaultLimit).filter(PowerBound::isSet);
    double share = traits.modulePower() ? HEADROOM * GPUS_OF_A_MODULE : HEADROOM;
    return new PowerBound(
        highest.map(limit -> limit.times(share).min(ANY_GPU)).orElse(UNLIMITED_GPU));
  }

  private static boolean isSet(Watts limit) {
    return limit.value() > 0;
  }

  /** Whether the GPU can draw this much. */
  public boolean allows(Watts draw) {
    return draw.compareTo(highest) <= 0;
  }

  /** Whether the GPU can use this much energy in this time. */
  public boolean allows(Joules used, Duration in) {
    return used.compareTo(highest.times(in.plus(LAG))) <= 0;
  }

  /** Why the draw of {@code reading} cannot be true; empty when it can, or when there is none. */
  public Optional<ReadingFault> faultOf(GpuReading reading) {
    return reading
        .power()
        .flatMap(draw -> {
          if (!allows(draw)) {
            return Optional.of(ReadingFault.POWER_HIGH);
          }
          boolean busy = reading.utilization().orElse(0.0) >= BUSY;
          return draw.value() == 0 && busy
              ? Optional.of(ReadingFault.POWER_ZERO)
              : Optional.empty();
        });
  }
}
