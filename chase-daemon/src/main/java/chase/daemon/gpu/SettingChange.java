package chase.daemon.gpu;

import chase.zeus.gpu.GpuSettings;

/** What a user may change on a GPU besides its limit. */
public sealed interface SettingChange {
  /** Keep a clock within a range. */
  record LockClocks(GpuSettings.ClockDomain domain, GpuSettings.ClockRange range)
      implements SettingChange {}

  /** Let the GPU choose a clock again. */
  record UnlockClocks(GpuSettings.ClockDomain domain) implements SettingChange {}

  /** Keep the driver loaded without clients, or not. */
  record PersistenceMode(boolean on) implements SettingChange {}
}
