package chase.zeus.gpu;

/**
 * A position in the driver's list of GPUs, whether or not the GPU there can be opened. For one
 * thread at a time; every call may fail or hang with that GPU, and may be repeated.
 */
public interface GpuSlot {
  /** The position, from 0. */
  int index();

  /**
   * The GPU there, opened only to restore it: its UUID is read and, where it reports them, the
   * limits that it accepts. It has no other traits, and cannot be read.
   *
   * @throws GpuException when its UUID cannot be read
   */
  Gpu identify() throws GpuException;

  /**
   * The GPU there with all its traits; whatever was opened here before is closed.
   *
   * @throws GpuException when it does not answer, or is gone
   */
  Gpu open() throws GpuException;
}
