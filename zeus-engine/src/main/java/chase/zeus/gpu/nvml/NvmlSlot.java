package chase.zeus.gpu.nvml;

import chase.zeus.gpu.Gpu;
import chase.zeus.gpu.GpuException;
import chase.zeus.gpu.GpuSlot;
import java.util.Optional;
import java.util.function.Consumer;

/** A place in the list of NVIDIA's driver. */
final class NvmlSlot implements GpuSlot {
  private final NvmlDriver driver;
  private final int index;
  private final Consumer<String> remarks;
  private volatile Optional<NvmlGpu> opened = Optional.empty();
  private boolean remarked;

  NvmlSlot(NvmlDriver driver, int index, Consumer<String> remarks) {
    this.driver = driver;
    this.index = index;
    this.remarks = remarks;
  }

  @Override
  public int index() {
    return index;
  }

  @Override
  public Gpu identify() throws GpuException {
    return NvmlGpu.identify(new NvmlDevice(driver, index));
  }

  @Override
  public Gpu open() throws GpuException {
    close();
    NvmlGpu gpu = NvmlGpu.open(new NvmlDevice(driver, index), driver.version());
    opened = Optional.of(gpu);
    if (gpu.readsModulePower() && !remarked) {
      remarked = true;
      remarks.accept("GPU " + index + ": its power is that of CPU and GPU together");
    }
    return gpu;
  }

  /** Gives the driver's memory back; from any thread. */
  void close() {
    opened.ifPresent(NvmlGpu::close);
  }
}
