package chase.zeus.gpu.nvml;

import chase.zeus.gpu.GpuException;
import chase.zeus.gpu.GpuSlot;
import chase.zeus.gpu.Gpus;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * The NVIDIA cards of this host. Opening and closing may be repeated, as after a reload of the
 * driver; each card is opened and used by one thread of its own, so that none holds up another.
 */
public final class NvmlGpus implements Gpus {
  private final NvmlDriver driver;
  private final List<NvmlSlot> slots;

  private NvmlGpus(NvmlDriver driver, List<NvmlSlot> slots) {
    this.driver = driver;
    this.slots = slots;
  }

  /**
   * Loads the driver's library and counts the cards. Changes nothing, and asks no card.
   *
   * @param library where libnvidia-ml.so.1 lies; empty for the system's own
   * @param remarks is told what a reader of a card's figures should know, once, when the card is
   *     opened; on any thread
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

  /** Closes the driver, once; its cards then fail with kind REOPEN. May hang with the driver. */
  @Override
  public void close() {
    slots.forEach(NvmlSlot::close);
    driver.close();
  }
}
