package chase.zeus.gpu.nvml;

import chase.zeus.gpu.GpuException;
import chase.zeus.gpu.GpuException.Kind;
import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The hardware counters (GPM) of one GPU, each reading compared with the one before. The samples
 * are the driver's memory, freed by {@link #close}. Read by one thread; any thread may close, also
 * while a reading hangs in the driver: the reading thread then frees the memory.
 */
final class GpmReader {
  /** So many failed readings in a row mean that the counters are dead. */
  private static final int MAX_FAILURES = 10;

  private enum Use {
    FREE,
    BUSY,
    CLOSED
  }

  private final NvmlDevice device;
  private final PipeUtilization pipes;
  private final AtomicReference<Use> use = new AtomicReference<>(Use.FREE);
  private Pointer last;
  private Pointer next;
  private boolean hasLast;
  private int failures;

  private GpmReader(NvmlDevice device, Pointer last, Pointer next) {
    this.device = device;
    this.pipes = new PipeUtilization(device);
    this.last = last;
    this.next = next;
  }

  /**
   * The counters of a GPU; empty where driver or GPU have none, or the GPU is split into MIG
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

  /** Whether these counters no longer work. For the reading thread. */
  boolean isDead() {
    return failures >= MAX_FAILURES || !pipes.hasPipes();
  }

  /**
   * The share of cycles in which the pipes worked since the last reading, added up over the pipes;
   * empty the first time, and when the counters have not moved since the last reading.
   *
   * @throws GpuException when the counters cannot be read; the next reading is a first one
   */
  Optional<Double> utilization() throws GpuException {
    if (!use.compareAndSet(Use.FREE, Use.BUSY)) {
      return Optional.empty();
    }
    try {
      failures++;
      return read();
    } catch (GpuException e) {
      hasLast = false;
      throw e;
    } finally {
      if (!use.compareAndSet(Use.BUSY, Use.FREE)) {
        free();
      }
    }
  }

  private Optional<Double> read() throws GpuException {
    int code = device.readSample(next);
    if (code != NvmlReturn.SUCCESS) {
      throw refused(code);
    }
    if (!hasLast) {
      hasLast = true;
      swap();
      return Optional.empty();
    }
    Optional<Double> share = pipes.between(last, next);
    if (share.isPresent()) {
      failures = 0;
      swap();
    }
    return share;
  }

  /** A refusal is permanent. */
  private GpuException refused(int code) {
    if (NvmlReturn.kind(code) == Kind.REFUSED) {
      failures = MAX_FAILURES;
    }
    return device.failure(code, "nvmlGpmSampleGet");
  }

  private void swap() {
    Pointer older = last;
    last = next;
    next = older;
  }

  /** Frees the samples, once. May hang with the driver. */
  void close() {
    if (use.getAndSet(Use.CLOSED) == Use.FREE) {
      free();
    }
  }

  private void free() {
    device.driver().freeSample(last);
    device.driver().freeSample(next);
  }

  /** The utilization of a GPU's floating-point pipes between two counter samples. */
  static final class PipeUtilization {
    /** nvml.h, NVML_GPM_METRICS_GET_VERSION; unlike other versions it holds no size. */
    private static final int VERSION = 1;

    /**
     * The layout of nvmlGpmMetricsGet_t. Its list has grown from 98 to 333 entries without a new
     * version, so there is room for all of them.
     */
    private static final int COUNT = 4;

    private static final int FIRST_SAMPLE = 8;
    private static final int SECOND_SAMPLE = 16;
    private static final int METRICS = 24;
    private static final int MAX_METRICS = 333;

    /** The layout of nvmlGpmMetric_t. */
    private static final int SIZE = 40;

    private static final int RETURN = 4;
    private static final int VALUE = 8;

    private final NvmlDevice device;
    private final Memory metrics = new Memory(METRICS + (long) SIZE * MAX_METRICS);
    private final Set<Pipe> pipes = EnumSet.allOf(Pipe.class);

    PipeUtilization(NvmlDevice device) {
      this.device = device;
      metrics.clear();
    }

    /** Whether the GPU may report any pipe. */
    boolean hasPipes() {
      return !pipes.isEmpty();
    }

    /**
     * The busy shares of all pipes that the GPU has, added up; empty when one of them is missing
     * this time, because a sum of fewer would be lower for the same work. Empty also where the
     * counters stood still between the samples: the driver then returns NaN.
     *
     * @throws GpuException when the driver cannot compare the samples
     */
    Optional<Double> between(Pointer first, Pointer second) throws GpuException {
      List<Pipe> order = List.copyOf(pipes);
      metrics.setInt(0, VERSION);
      metrics.setInt(COUNT, order.size());
      metrics.setPointer(FIRST_SAMPLE, first);
      metrics.setPointer(SECOND_SAMPLE, second);
      for (int i = 0; i < order.size(); i++) {
        metrics.setInt(at(i), order.get(i).metric());
        // A driver that skips an entry must not leave the last poll's result there.
        metrics.setInt(at(i) + RETURN, NvmlReturn.UNKNOWN);
      }
      int code = device.computeMetrics(metrics);
      if (code != NvmlReturn.SUCCESS) {
        throw device.failure(code, "nvmlGpmMetricsGet");
      }
      return sum(order);
    }

    private Optional<Double> sum(List<Pipe> order) {
      double sum = 0;
      boolean complete = true;
      for (int i = 0; i < order.size(); i++) {
        int code = metrics.getInt(at(i) + RETURN);
        if (NvmlReturn.isAbsent(code) || code == NvmlReturn.INVALID_ARGUMENT) {
          pipes.remove(order.get(i));
          continue;
        }
        double percent = metrics.getDouble(at(i) + VALUE);
        complete &= code == NvmlReturn.SUCCESS && percent >= 0 && percent <= 100;
        sum += percent / 100;
      }
      return complete && hasPipes() ? Optional.of(sum) : Optional.empty();
    }

    private static long at(int metric) {
      return METRICS + (long) SIZE * metric;
    }
  }

  /** A floating-point pipe of an SM by its busy share's metric id (nvml.h, NVML_GPM_METRIC_*). */
  enum Pipe {
    /** Matrix operations of every number format. */
    TENSOR(5),
    FP64(11),
    FP32(12),
    FP16(13);

    private final int metric;

    Pipe(int metric) {
      this.metric = metric;
    }

    int metric() {
      return metric;
    }
  }
}
