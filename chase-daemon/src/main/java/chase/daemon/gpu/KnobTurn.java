package chase.daemon.gpu;

import chase.zeus.gpu.GpuSettings;

/** What a user asks of a card besides a limit. */
public sealed interface KnobTurn {
  /** Keep a clock within a range. */
  record LockClocks(GpuSettings.ClockDomain domain, GpuSettings.ClockRange range)
      implements KnobTurn {}

  /** Let the card choose a clock again. */
  record UnlockClocks(GpuSettings.ClockDomain domain) implements KnobTurn {}

  /** Keep the driver loaded without clients, or not. */
  record Persistence(boolean on) implements KnobTurn {}
}
