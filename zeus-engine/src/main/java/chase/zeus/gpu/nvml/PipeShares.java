package chase.zeus.gpu.nvml;

import chase.zeus.gpu.GpuException;
import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import java.util.EnumSet;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;

/** What two counter samples of a card say about its floating-point pipes. */
final class PipeShares {
  /** nvml.h, NVML_GPM_METRICS_GET_VERSION; unlike other versions it holds no size. */
  private static final int VERSION = 1;

  /**
   * The layout of nvmlGpmMetricsGet_t. Its list has grown from 98 to 333 entries without a new
   * version, so there is room for the most.
   */
  private static final int COUNT = 4;

  private static final int FIRST_SAMPLE = 8;
  private static final int SECOND_SAMPLE = 16;
  private static final int METRICS = 24;
  private static final int MOST_METRICS = 333;

  /** The layout of nvmlGpmMetric_t. */
  private static final int SIZE = 40;

  private static final int RETURN = 4;
  private static final int VALUE = 8;

  private final NvmlDevice device;
  private final Memory metrics = new Memory(METRICS + (long) SIZE * MOST_METRICS);
  private final Set<Pipe> asked = EnumSet.allOf(Pipe.class);

  PipeShares(NvmlDevice device) {
    this.device = device;
    metrics.clear();
  }

  /** Whether the card may still tell about any pipe. */
  boolean hasPipes() {
    return !asked.isEmpty();
  }

  /**
   * The busy shares of all pipes that the card has, added up; empty when one of them is missing
   * this time, because a sum of fewer is a lower figure for the same work. Also where the counters
   * stood still between the samples: the driver then answers with no number.
   *
   * @throws GpuException when the driver cannot compare the samples
   */
  OptionalDouble between(Pointer first, Pointer second) throws GpuException {
    List<Pipe> order = List.copyOf(asked);
    metrics.setInt(0, VERSION);
    metrics.setInt(COUNT, order.size());
    metrics.setPointer(FIRST_SAMPLE, first);
    metrics.setPointer(SECOND_SAMPLE, second);
    for (int i = 0; i < order.size(); i++) {
      metrics.setInt(at(i), order.get(i).metric());
      // A driver that skips an entry must not leave the last poll's answer there.
      metrics.setInt(at(i) + RETURN, NvmlReturn.UNKNOWN);
    }
    int code = device.computeMetrics(metrics);
    if (code != NvmlReturn.SUCCESS) {
      throw device.failure(code, "nvmlGpmMetricsGet");
    }
    return sum(order);
  }

  private OptionalDouble sum(List<Pipe> order) {
    double sum = 0;
    boolean complete = true;
    for (int i = 0; i < order.size(); i++) {
      int code = metrics.getInt(at(i) + RETURN);
      if (NvmlReturn.isAbsent(code) || code == NvmlReturn.INVALID_ARGUMENT) {
        asked.remove(order.get(i));
        continue;
      }
      double percent = metrics.getDouble(at(i) + VALUE);
      complete &= code == NvmlReturn.SUCCESS && percent >= 0 && percent <= 100;
      sum += percent / 100;
    }
    return complete && hasPipes() ? OptionalDouble.of(sum) : OptionalDouble.empty();
  }

  private static long at(int metric) {
    return METRICS + (long) SIZE * metric;
  }
}
