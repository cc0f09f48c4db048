package chase.zeus.gpu.nvml;

import chase.zeus.gpu.Gpu;
import chase.zeus.gpu.GpuException;
import chase.zeus.gpu.GpuException.Kind;
import chase.zeus.gpu.Gpus;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The NVIDIA cards of this host. Opening and closing may be repeated, as after a reload of the
 * driver; each card may then be used by one thread of its own.
 */
public final class NvmlGpus implements Gpus {
  private final NvmlDriver driver;
  private final List<NvmlGpu> all = new ArrayList<>();
  private final List<String> unopened = new ArrayList<>();
  private final List<String> remarks = new ArrayList<>();

  private NvmlGpus(NvmlDriver driver) {
    this.driver = driver;
  }

  /**
   * Loads the driver's library and opens every card that can be opened. Changes nothing.
   *
   * @param library where libnvidia-ml.so.1 lies; empty for the system's own
   * @throws GpuException of kind REFUSED when there is no usable library, REOPEN when its driver is
   *     not ready (not loaded, being replaced); the message is one clear line
   */
  public static NvmlGpus open(Optional<Path> library) throws GpuException {
    NvmlGpus gpus = new NvmlGpus(NvmlDriver.open(library));
    try {
      gpus.openAll();
      return gpus;
    } catch (GpuException e) {
      gpus.close();
      throw e;
    }
  }

  private void openAll() throws GpuException {
    String version = driver.version();
    int count = driver.count();
    for (int index = 0; index < count; index++) {
      open(index, version);
    }
  }

  private void open(int index, String version) throws GpuException {
    try {
      NvmlGpu gpu = new NvmlGpu(driver, index, version);
      all.add(gpu);
      if (gpu.tellsModulePowerOnly()) {
        remarks.add("GPU " + index + ": its power is that of CPU and GPU together");
      }
    } catch (GpuException e) {
      if (e.kind() == Kind.REOPEN) {
        throw e;
      }
      unopened.add(e.getMessage());
    }
  }

  @Override
  public List<Gpu> all() {
    return List.copyOf(all);
  }

  @Override
  public List<String> unopened() {
    return List.copyOf(unopened);
  }

  /** What a reader of the figures should know about a card, one line each; mostly empty. */
  public List<String> remarks() {
    return List.copyOf(remarks);
  }

  /** Closes the driver, once; its cards then fail with kind REOPEN. May hang with the driver. */
  @Override
  public void close() {
    all.forEach(NvmlGpu::close);
    driver.close();
  }
}
