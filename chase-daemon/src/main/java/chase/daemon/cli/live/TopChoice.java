package chase.daemon.cli.live;

import chase.daemon.api.GpuBody;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What the user of {@code chase top} chose.
 *
 * @param order how GPUs are sorted
 * @param gpu the UUID of the chosen GPU; empty for the first
 * @param explaining whether it is explained
 */
public record TopChoice(GpuOrder order, Optional<String> gpu, boolean explaining) {
  /** Before the first key. */
  public static final TopChoice FIRST = new TopChoice(GpuOrder.INDEX, Optional.empty(), false);

  /** How GPUs are sorted. */
  public enum GpuOrder {
    /** As the driver counts them. */
    INDEX("GPU"),
    /** The highest draw first. */
    POWER("power"),
    /** The lowest limit first, as a share of the original one. */
    LIMIT("limit");

    private final String word;

    GpuOrder(String word) {
      this.word = word;
    }

    private Comparator<GpuBody> comparator() {
      return switch (this) {
        case INDEX -> Comparator.comparingInt(gpu -> gpu.device().index());
        case POWER -> Comparator.comparingDouble(gpu -> -power(gpu));
        case LIMIT -> Comparator.comparingDouble(GpuOrder::share);
      };
    }

    private GpuOrder next() {
      return switch (this) {
        case INDEX -> POWER;
        case POWER -> LIMIT;
        case LIMIT -> INDEX;
      };
    }

    String word() {
      return word;
    }

    private static double power(GpuBody gpu) {
      return gpu.reading().flatMap(GpuBody.ReadingBody::powerWatts).orElse(0.0);
    }

    private static double share(GpuBody gpu) {
      double limit = gpu.powerLimit().requestedWatts().orElse(Double.MAX_VALUE);
      return limit / gpu.powerLimit().originalWatts().orElse(limit);
    }
  }

  /** The GPUs in their order. */
  List<GpuBody> sorted(List<GpuBody> gpus) {
    return gpus.stream().sorted(order.comparator()).toList();
  }

  /** Where the chosen GPU stands among {@code sorted}; the first where it is not there. */
  int position(List<GpuBody> sorted) {
    for (int at = 0; at < sorted.size(); at++) {
      if (gpu.filter(sorted.get(at).device().uuid()::equals).isPresent()) {
        return at;
      }
    }
    return 0;
  }

  /** The GPU {@code by} places further down, within the list. */
  TopChoice moved(int by, List<GpuBody> gpus) {
    List<GpuBody> sorted = sorted(gpus);
    if (sorted.isEmpty()) {
      return this;
    }
    int at = Math.clamp(position(sorted) + (long) by, 0, sorted.size() - 1);
    return new TopChoice(order, Optional.of(sorted.get(at).device().uuid()), explaining);
  }

  /** Sorted by the next thing. */
  TopChoice sortedByNext() {
    return new TopChoice(order.next(), gpu, explaining);
  }

  /** With or without the explanation of the chosen GPU. */
  TopChoice explained(boolean wanted, List<GpuBody> gpus) {
    return new TopChoice(order, moved(0, gpus).gpu, wanted);
  }
}
