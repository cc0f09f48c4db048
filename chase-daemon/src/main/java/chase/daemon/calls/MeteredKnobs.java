package chase.daemon.calls;

import chase.zeus.gpu.GpuException;
import chase.zeus.gpu.GpuSettings;

/** The knobs of a GPU whose calls are timed. */
record MeteredKnobs(GpuSettings settings, MeteredGpu timer) implements GpuSettings {
  @Override
  public boolean persistenceMode() throws GpuException {
    return timer.timed("persistence_mode", settings::persistenceMode);
  }

  @Override
  public void persistenceMode(boolean on) throws GpuException {
    timer.timed(
        "set_persistence_mode",
        () -> {
          settings.persistenceMode(on);
          return on;
        });
  }

  @Override
  public void lockClocks(GpuSettings.ClockDomain domain, GpuSettings.ClockRange range)
      throws GpuException {
    timer.timed(
        "lock_clocks",
        () -> {
          settings.lockClocks(domain, range);
          return range;
        });
  }

  @Override
  public void unlockClocks(GpuSettings.ClockDomain domain) throws GpuException {
    timer.timed(
        "unlock_clocks",
        () -> {
          settings.unlockClocks(domain);
          return domain;
        });
  }
}
