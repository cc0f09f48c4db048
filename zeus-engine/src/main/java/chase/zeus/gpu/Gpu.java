package chase.zeus.gpu;

import chase.zeus.unit.Joules;
import chase.zeus.unit.Watts;
import java.util.List;

/**
 * One GPU, owned by one thread. Calls may block for tens of milliseconds, or hang with a driver.
 */
public interface Gpu {
  /** What the card is, as of the last {@link #refreshTraits}; answered from memory. */
  GpuTraits traits();

  /**
   * Asks again what others change while the card is open: whether it may be written, its range and
   * its default.
   *
   * @throws GpuException when the card does not answer; what was known before stays
   */
  GpuTraits refreshTraits() throws GpuException;

  /**
   * One sample of everything that the card can tell; what it cannot tell is absent, never zero.
   *
   * @throws GpuException when nothing could be read
   */
  GpuReading read() throws GpuException;

  /**
   * The draw at this moment, averaged over as little time as the card can; cheaper than a sample.
   *
   * @throws GpuException when it cannot be read, or the card does not tell
   */
  Watts powerDraw() throws GpuException;

  /**
   * The card's own energy counter, which restarts with the driver.
   *
   * @throws GpuException when it cannot be read, or the card has none
   */
  Joules energy() throws GpuException;

  /**
   * The requested and enforced limits now.
   *
   * @throws GpuException when they cannot be read, or the card has none
   */
  PowerLimits powerLimits() throws GpuException;

  /**
   * The processes that compute on the card now, each once, in no order. With NVIDIA's driver this
   * costs milliseconds in which it may hold up the jobs: ask seldom, every half minute at most.
   *
   * @throws GpuException of kind {@link GpuException.Kind#REFUSED} when the card does not tell, or
   *     not to us, as under MIG
   */
  List<GpuProcess> processes() throws GpuException;

  /**
   * Asks the driver for a power limit; the caller reads back what came of it. Whether the card may
   * be written is the caller's to look at: what Chase set goes back also where it may not.
   *
   * @throws GpuException of kind {@link GpuException.Kind#REFUSED} when the limit lies outside the
   *     card's range, the right to set it is missing, or the card has no such knob
   */
  void limitPower(Watts limit) throws GpuException;

  /** The knobs that only a user turns. */
  GpuSettings settings();
}
