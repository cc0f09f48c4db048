package chase.daemon.api;

import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What the GPUs did in the time before now, in columns: {@code GET /v1/page/history}, and the
 * points that {@code GET /v1/page/stream} adds.
 */
public record PageHistoryBody(
    String instance,
    Instant since,
    double fineSeconds,
    double coarseSeconds,
    List<Long> time,
    Map<String, GpuColumns> gpus) {
  /** Copies the list, and sorts the GPUs. */
  public PageHistoryBody {
    time = List.copyOf(time);
    gpus = Collections.unmodifiableMap(new TreeMap<>(gpus));
  }

  /** One GPU: a value for each time, null where it is not known. */
  public record GpuColumns(
      List<@Nullable Float> draw,
      List<@Nullable Float> requested,
      List<@Nullable Float> enforced,
      List<@Nullable Float> floor,
      List<@Nullable Float> original,
      List<@Nullable Float> capped) {
    /** Lets nobody change the lists. */
    public GpuColumns {
      draw = Collections.unmodifiableList(draw);
      requested = Collections.unmodifiableList(requested);
      enforced = Collections.unmodifiableList(enforced);
      floor = Collections.unmodifiableList(floor);
      original = Collections.unmodifiableList(original);
      capped = Collections.unmodifiableList(capped);
    }
  }
}
