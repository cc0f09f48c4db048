package chase.zeus.gpu;

import chase.zeus.unit.Joules;
import chase.zeus.unit.Watts;
import java.util.List;

/**
 * One GPU, owned by one thread. Calls may block for tens of milliseconds, or hang with a driver.
 */
public interface Gpu {
  /** What the GPU is, as of the last {@link #refreshTraits}; returned from memory. */
  GpuTraits traits();

  /**
   * Queries again what others may change while the GPU is open: whether it may be written, its
   * range and its default.
   *
   * @throws GpuException when the GPU does not answer; the traits stay as they were
   */
  GpuTraits refreshTraits() throws GpuException;

  /**
   * One sample of everything that the GPU reports; what it does not report is empty, never zero.
   *
   * @throws GpuException when nothing could be read
   */
  GpuReading read() throws GpuException;

  /**
   * The draw at this moment, averaged over as short a time as the GPU can; cheaper than a sample.
   *
   * @throws GpuException when it cannot be read, or the GPU does not report it
   */
  Watts powerDraw() throws GpuException;

  /**
   * The GPU's own energy counter, which restarts with the driver.
   *
   * @throws GpuException when it cannot be read, or the GPU has none
   */
  Joules energy() throws GpuException;

  /**
   * The requested and enforced limits now.
   *
   * @throws GpuException when they cannot be read, or the GPU has none
   */
  PowerLimits powerLimits() throws GpuException;

  /**
   * The requested limit now, which a GPU may report while it does not report the enforced one.
   *
   * @throws GpuException when it cannot be read, or the GPU has none
   */
  default Watts requestedLimit() throws GpuException {
    return powerLimits().requested();
  }

  /**
   * The processes that compute on the GPU now, each once, in no order. With NVIDIA's driver this
   * takes milliseconds in which it may hold up the jobs: call it rarely, not more than twice a
   * minute.
   *
   * @throws GpuException of kind {@link GpuException.Kind#REFUSED} when the GPU does not report
   *     them, or not to us, as under MIG
   */
  List<GpuProcess> processes() throws GpuException;

  /**
   * Requests a power limit from the driver; the caller reads back the result. Whether the GPU may
   * be written is for the caller to check: what Chase set is put back even where it may not.
   *
   * @throws GpuException of kind {@link GpuException.Kind#REFUSED} when the limit lies outside the
   *     GPU's range, the permission is missing, or the GPU has no such setting
   */
  void limitPower(Watts limit) throws GpuException;

  /** The settings that Chase changes only for a user. */
  GpuSettings settings();
}
