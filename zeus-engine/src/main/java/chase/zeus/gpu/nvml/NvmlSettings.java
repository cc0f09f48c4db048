package chase.zeus.gpu.nvml;

import chase.zeus.gpu.GpuException;
import chase.zeus.gpu.GpuSettings;
import chase.zeus.gpu.GpuSettings.ClockDomain;
import chase.zeus.gpu.GpuSettings.ClockRange;

/**
 * The settings of a GPU behind NVIDIA's driver.
 *
 * @param device the GPU
 * @param guard refuses a write to another GPU than the one that was opened
 */
record NvmlSettings(NvmlDevice device, SameGpuCheck guard) implements GpuSettings {
  /** Checked before every write. */
  interface SameGpuCheck {
    void check() throws GpuException;
  }

  @Override
  public boolean persistenceMode() throws GpuException {
    return device
            .query(NvmlQuery.PERSISTENCE_MODE)
            .orElseThrow(() -> device.refusal("it reports no persistence mode"))
        == 1;
  }

  @Override
  public void persistenceMode(boolean on) throws GpuException {
    set(
        "persistence mode",
        (nvml, handle) -> nvml.nvmlDeviceSetPersistenceMode(handle, on ? 1 : 0));
  }

  @Override
  public void lockClocks(ClockDomain domain, ClockRange range) throws GpuException {
    int min = range.minMegahertz();
    int max = range.maxMegahertz();
    set(
        "locked clocks of " + range,
        switch (domain) {
          case GPU -> (nvml, handle) -> nvml.nvmlDeviceSetGpuLockedClocks(handle, min, max);
          case MEMORY -> (nvml, handle) -> nvml.nvmlDeviceSetMemoryLockedClocks(handle, min, max);
        });
  }

  @Override
  public void unlockClocks(ClockDomain domain) throws GpuException {
    set(
        "unlocked clocks",
        switch (domain) {
          case GPU -> NvmlLibrary::nvmlDeviceResetGpuLockedClocks;
          case MEMORY -> NvmlLibrary::nvmlDeviceResetMemoryLockedClocks;
        });
  }

  private void set(String what, NvmlDevice.Setter setter) throws GpuException {
    guard.check();
    int code = device.set(setter);
    if (code != NvmlReturn.SUCCESS) {
      throw device.failure(code, what);
    }
  }
}
