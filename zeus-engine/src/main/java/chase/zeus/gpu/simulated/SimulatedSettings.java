package chase.zeus.gpu.simulated;

import chase.zeus.gpu.GpuException;
import chase.zeus.gpu.GpuException.Kind;
import chase.zeus.gpu.GpuSettings;
import chase.zeus.gpu.GpuSettings.ClockDomain;
import chase.zeus.gpu.GpuSettings.ClockRange;
import chase.zeus.gpu.simulated.SimulatedState.UserSettings;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * The settings of a simulated GPU, with the permissions and the support that a GPU of its model
 * has.
 */
record SimulatedSettings(SimulatedGpu gpu) implements GpuSettings {
  @Override
  public boolean persistenceMode() throws GpuException {
    return gpu.currentState().controls().userSettings().persistence();
  }

  @Override
  public void persistenceMode(boolean on) throws GpuException {
    change("setting persistence mode", settings -> settings.persistence(on));
  }

  @Override
  public void lockClocks(ClockDomain domain, ClockRange range) throws GpuException {
    requireLockable(domain);
    if (range.maxMegahertz() == 0) {
      throw new GpuException(Kind.REFUSED, "Invalid Argument: no clock of 0 MHz");
    }
    change("locking clocks", settings -> settings.withClocks(domain, Optional.of(range)));
  }

  @Override
  public void unlockClocks(ClockDomain domain) throws GpuException {
    requireLockable(domain);
    change("unlocking clocks", settings -> settings.withClocks(domain, Optional.empty()));
  }

  private void requireLockable(ClockDomain domain) throws GpuException {
    if (domain == ClockDomain.MEMORY && !gpu.preset().locksMemoryClocks()) {
      throw new GpuException(Kind.REFUSED, "Not Supported: locking memory clocks");
    }
  }

  private void change(String what, UnaryOperator<UserSettings> change) throws GpuException {
    if (!gpu.currentState().controls().writable()) {
      throw GpuException.noPermission("Insufficient Permissions: " + what);
    }
    gpu.update(now ->
        now.with(now.controls().withUserSettings(change.apply(now.controls().userSettings()))));
  }
}
