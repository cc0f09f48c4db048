package chase.zeus.gpu;

import java.time.Instant;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * The rejected readings of one GPU, immutable.
 *
 * @param counts how many of each fault; faults that never happened are left out
 * @param last the last fault
 * @param lastAt when it came
 */
public record RejectedReadings(
    Map<ReadingFault, Long> counts, Optional<ReadingFault> last, Optional<Instant> lastAt) {
  /** Nothing rejected yet. */
  public static final RejectedReadings NONE =
      new RejectedReadings(Map.of(), Optional.empty(), Optional.empty());

  /** Why a reading was rejected. */
  public enum ReadingFault {
    /** More power than the GPU can draw. */
    POWER_HIGH("a draw beyond what the GPU can take"),
    /** No power at all while the GPU works. */
    POWER_ZERO("a draw of 0 W while it works"),
    /** An energy counter that shows less than before. */
    ENERGY_BACK("an energy counter that went back"),
    /** An energy counter that grew by more than the GPU can use in that time. */
    ENERGY_JUMP("an energy counter that grew faster than the GPU can draw"),
    /** An energy counter that stands still while the GPU draws power. */
    ENERGY_STUCK("an energy counter that stands still");

    private final String text;

    ReadingFault(String text) {
      this.text = text;
    }

    /** Such as {@code an energy counter that went back}. */
    public String text() {
      return text;
    }
  }

  /** Copies the map. */
  public RejectedReadings {
    counts = Collections.unmodifiableMap(ofEnum(counts));
  }

  private static EnumMap<ReadingFault, Long> ofEnum(Map<ReadingFault, Long> counts) {
    EnumMap<ReadingFault, Long> copy = new EnumMap<>(ReadingFault.class);
    copy.putAll(counts);
    return copy;
  }

  /** These and one more. */
  public RejectedReadings plus(ReadingFault cause, Instant at) {
    EnumMap<ReadingFault, Long> more = ofEnum(counts);
    more.merge(cause, 1L, Long::sum);
    return new RejectedReadings(more, Optional.of(cause), Optional.of(at));
  }

  /** How many readings were rejected. */
  public long total() {
    return counts.values().stream().mapToLong(Long::longValue).sum();
  }
}
