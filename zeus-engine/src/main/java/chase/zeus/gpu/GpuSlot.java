package chase.zeus.gpu;

/**
 * A place in the driver's list of GPUs, whether or not the GPU there can be opened. For one thread
 * at a time; every call may fail or hang with that GPU, and may be repeated.
 */
public interface GpuSlot {
  /** The place, from 0. */
  int index();

  /**
   * The GPU there, for setting it back: it is asked for its UUID and, as far as it tells, for the
   * limits that it accepts; nothing else of its traits is known, and it cannot be read.
   *
   * @throws GpuException when it does not tell its UUID
   */
  Gpu identify() throws GpuException;

  /**
   * The GPU there with all that it is; whatever was opened here before is closed.
   *
   * @throws GpuException when it does not tell, or is gone
   */
  Gpu open() throws GpuException;
}
