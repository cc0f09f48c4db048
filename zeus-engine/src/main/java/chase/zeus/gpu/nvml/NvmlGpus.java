package chase.zeus.gpu.nvml;

import chase.zeus.gpu.Gpu;
import chase.zeus.gpu.GpuException;
import chase.zeus.gpu.GpuSlot;
import chase.zeus.gpu.Gpus;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * The NVIDIA GPUs of this host. Opening and closing may be repeated, as after a reload of the
 * driver; each GPU is opened and used by one thread of its own, so that none holds up another.
 */
public final class NvmlGpus implements Gpus {
  private final NvmlDriver driver;
  private final List<NvmlSlot> slots;

  private NvmlGpus(NvmlDriver driver, List<NvmlSlot> slots) {
    this.driver = driver;
    this.slots = slots;
  }

  /**
   * Loads the driver's library and counts the GPUs. Changes nothing, and queries no GPU.
   *
   * @param library the path of libnvidia-ml.so.1; empty for the system's own
   * @param remarks receives what a reader of a GPU's figures should know, once, when the GPU is
   *     opened; called on any thread
   * @throws GpuException of kind REFUSED when there is no usable library, REOPEN when its driver is
   *     not ready (not loaded, being replaced); the message is one clear line
   */
  public static NvmlGpus open(Optional<Path> library, Consumer<String> remarks)
      throws GpuException {
    NvmlDriver driver = NvmlDriver.open(library);
    try {
      List<NvmlSlot> slots =
          IntStream.range(0, driver.count())
              .mapToObj(index -> new NvmlSlot(driver, index, remarks))
              .toList();
      return new NvmlGpus(driver, slots);
    } catch (GpuException e) {
      driver.close();
      throw e;
    }
  }

  @Override
  public List<GpuSlot> slots() {
    return List.copyOf(slots);
  }

  /** Closes the driver, once; its GPUs then fail with kind REOPEN. May hang with the driver. */
  @Override
  public void close() {
    slots.forEach(NvmlSlot::close);
    driver.close();
  }

  /** A position in the list of NVIDIA's driver. */
  static final class NvmlSlot implements GpuSlot {
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

    /** Frees the driver's memory; from any thread. */
    void close() {
      opened.ifPresent(NvmlGpu::close);
    }
  }
}
