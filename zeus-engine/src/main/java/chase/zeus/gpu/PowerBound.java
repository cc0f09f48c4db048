package chase.zeus.gpu;

import chase.zeus.unit.Joules;
import chase.zeus.unit.Watts;
import java.time.Duration;
import java.util.Optional;

/**
 * What a card can draw at most. A reading beyond it is a fault of card or driver, not a draw.
 *
 * @param highest the highest draw that is believed
 */
public record PowerBound(Watts highest) {
  /** Averages of a draw lie a little above a limit for moments, and never so far. */
  private static final double HEADROOM = 1.5;

  /** A module is up to two GPUs (GB200) and a CPU with its memory, which takes less than a GPU. */
  private static final int GPUS_OF_A_MODULE = 3;

  /** For a card that tells no limits: the largest modules of today draw less. */
  private static final Watts UNLIMITED_CARD = new Watts(3_000);

  /** A driver that tells nonsense for the card's range must not widen the bound without end. */
  private static final Watts ANY_CARD = new Watts(10_000);

  /** Counters move in steps, and a reading is a little older than its time. */
  private static final Duration LAG = Duration.ofMillis(500);

  /** From here on a card that draws nothing cannot be at work. */
  private static final double BUSY = 0.5;

  /**
   * The bound of what a card tells, from the highest limit that it can have; that of its whole
   * module where it tells the module's draw, which no limit of the GPU holds down.
   */
  public static PowerBound of(GpuTraits traits) {
    Optional<Watts> highest =
        traits.powerRange().map(PowerRange::max).or(traits::defaultLimit).filter(PowerBound::isSet);
    double share = traits.modulePower() ? HEADROOM * GPUS_OF_A_MODULE : HEADROOM;
    return new PowerBound(
        highest.map(limit -> limit.times(share).min(ANY_CARD)).orElse(UNLIMITED_CARD));
  }

  private static boolean isSet(Watts limit) {
    return limit.value() > 0;
  }

  /** Whether the card can draw so much. */
  public boolean allows(Watts draw) {
    return draw.compareTo(highest) <= 0;
  }

  /** Whether the card can use so much in so long. */
  public boolean allows(Joules used, Duration in) {
    return used.compareTo(highest.times(in.plus(LAG))) <= 0;
  }

  /** Why the draw of {@code reading} cannot be true; empty when it can, or when it tells none. */
  public Optional<RejectedReadings.ReadingFault> faultOf(GpuReading reading) {
    return reading
        .power()
        .flatMap(draw -> {
          if (!allows(draw)) {
            return Optional.of(RejectedReadings.ReadingFault.POWER_HIGH);
          }
          boolean busy = reading.utilization().orElse(0) >= BUSY;
          return draw.value() == 0 && busy
              ? Optional.of(RejectedReadings.ReadingFault.POWER_ZERO)
              : Optional.empty();
        });
  }
}
