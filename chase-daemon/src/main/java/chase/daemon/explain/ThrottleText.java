package chase.daemon.explain;

import chase.zeus.gpu.GpuReading.ClockEventReason;
import java.util.Set;
import java.util.stream.Collectors;

/** What holds a GPU's clocks down, in words. */
public final class ThrottleText {
  private ThrottleText() {}

  /** Such as {@code held by its power limit}; {@code runs freely} where nothing does. */
  public static String of(Set<ClockEventReason> reasons) {
    return reasons.isEmpty()
        ? "runs freely"
        : reasons.stream()
            .sorted()
            .map(ThrottleText::clause)
            .distinct()
            .collect(Collectors.joining(", "));
  }

  private static String clause(ClockEventReason reason) {
    return switch (reason) {
      case IDLE -> "idle";
      case APPLICATION_CLOCKS -> "held at the clocks that its user set";
      case SW_POWER_CAP -> "held by its power limit";
      case HW_SLOWDOWN -> "slowed by its hardware";
      case SYNC_BOOST -> "held equal with other GPUs";
      case SW_THERMAL, HW_THERMAL -> "slowed by its temperature";
      case HW_POWER_BRAKE -> "slowed by the system's power brake";
      case DISPLAY -> "held by its display";
    };
  }
}
