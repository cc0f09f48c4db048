package chase.zeus.gpu.nvml;

import chase.zeus.gpu.GpuException;
import chase.zeus.gpu.GpuException.Kind;
import com.sun.jna.Pointer;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The hardware counters of one card, each reading compared with the one before. The samples are the
 * driver's memory, given back by {@link #close}. Read by one thread; any thread may close, also
 * while a reading hangs in the driver: the reading thread then gives the memory back.
 */
final class GpmReader {
  /** Readings in vain, one after the other, after which the counters are taken for dead. */
  private static final int PATIENCE = 10;

  private enum Use {
    FREE,
    BUSY,
    CLOSED
  }

  private final NvmlDevice device;
  private final PipeShares shares;
  private final AtomicReference<Use> use = new AtomicReference<>(Use.FREE);
  private Pointer last;
  private Pointer next;
  private boolean seeded;
  private int silent;

  private GpmReader(NvmlDevice device, Pointer last, Pointer next) {
    this.device = device;
    this.shares = new PipeShares(device);
    this.last = last;
    this.next = next;
  }

  /**
   * The counters of a card; empty where driver or card have none, or the card is cut into MIG
   * instances, each of which has its own.
   *
   * @throws GpuException when the driver is closed
   */
  static Optional<GpmReader> of(NvmlDevice device) throws GpuException {
    if (!device.supportsGpm()) {
      return Optional.empty();
    }
    Optional<Pointer> first = device.allocateSample();
    Optional<Pointer> second = device.allocateSample();
    if (first.isPresent() && second.isPresent()) {
      return Optional.of(new GpmReader(device, first.get(), second.get()));
    }
    first.ifPresent(device.driver()::freeSample);
    second.ifPresent(device.driver()::freeSample);
    return Optional.empty();
  }

  /** Whether nothing can be expected of these counters any more. For the reading thread. */
  boolean isDead() {
    return silent >= PATIENCE || !shares.hasPipes();
  }

  /**
   * The share of cycles in which the pipes worked since the last reading, added up over the pipes;
   * empty the first time, and when the counters have not moved since.
   *
   * @throws GpuException when the counters cannot be read; the next reading is a first one
   */
  OptionalDouble utilization() throws GpuException {
    if (!use.compareAndSet(Use.FREE, Use.BUSY)) {
      return OptionalDouble.empty();
    }
    try {
      silent++;
      return read();
    } catch (GpuException e) {
      seeded = false;
      throw e;
    } finally {
      if (!use.compareAndSet(Use.BUSY, Use.FREE)) {
        free();
      }
    }
  }

  private OptionalDouble read() throws GpuException {
    int code = device.readSample(next);
    if (code != NvmlReturn.SUCCESS) {
      throw refused(code);
    }
    if (!seeded) {
      seeded = true;
      swap();
      return OptionalDouble.empty();
    }
    OptionalDouble share = shares.between(last, next);
    if (share.isPresent()) {
      silent = 0;
      swap();
    }
    return share;
  }

  /** A refusal holds for good. */
  private GpuException refused(int code) {
    if (NvmlReturn.kind(code) == Kind.REFUSED) {
      silent = PATIENCE;
    }
    return device.failure(code, "nvmlGpmSampleGet");
  }

  private void swap() {
    Pointer older = last;
    last = next;
    next = older;
  }

  /** Gives the samples back, once. May hang with the driver. */
  void close() {
    if (use.getAndSet(Use.CLOSED) == Use.FREE) {
      free();
    }
  }

  private void free() {
    device.driver().freeSample(last);
    device.driver().freeSample(next);
  }
}
