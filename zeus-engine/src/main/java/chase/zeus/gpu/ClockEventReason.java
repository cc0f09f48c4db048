package chase.zeus.gpu;

import java.util.EnumSet;
import java.util.Set;

/** Why a GPU's clocks are below their maximum, in NVML's terms (nvml.h, nvmlClocksEventReasons). */
public enum ClockEventReason {
  /** Nothing runs. */
  IDLE(0x1),
  /** The user's application clocks. */
  APPLICATION_CLOCKS(0x2),
  /** The power limit: what Chase's own caps look like. */
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
