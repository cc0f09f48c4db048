package chase.daemon.gpu;

import chase.zeus.gpu.GpuException;
import chase.zeus.gpu.Gpus;

/** Opens the driver; again after it went away. */
@FunctionalInterface
public interface GpuBackend {
  /**
   * The GPUs of this host; whoever asks closes them. Blocks.
   *
   * @throws GpuException with one readable line when there is no driver
   */
  Gpus open() throws GpuException;
}
