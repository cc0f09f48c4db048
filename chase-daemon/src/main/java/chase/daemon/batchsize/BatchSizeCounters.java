package chase.daemon.batchsize;

import chase.zeus.batchsize.Trial;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The requests about batch sizes since the daemon started.
 *
 * @param storage {@code sqlite} or {@code postgresql}
 * @param up whether the database could be used when it was last needed; empty before
 * @param failures requests that the database failed
 * @param started trials that were given a batch size
 * @param reports reports that were recorded
 * @param ended trials that ended, by how
 */
public record BatchSizeCounters(
    String storage,
    Optional<Boolean> up,
    long failures,
    long started,
    long reports,
    Map<Trial.Status, Long> ended) {
  /** Copies the map. */
  public BatchSizeCounters {
    ended = Map.copyOf(ended);
  }

  /** Nothing done yet. */
  public static BatchSizeCounters none(String storage) {
    return new BatchSizeCounters(storage, Optional.empty(), 0, 0, 0, Map.of());
  }

  BatchSizeCounters answered() {
    return new BatchSizeCounters(storage, Optional.of(true), failures, started, reports, ended);
  }

  BatchSizeCounters failed() {
    return new BatchSizeCounters(
        storage, Optional.of(false), failures + 1, started, reports, ended);
  }

  BatchSizeCounters withTrial() {
    return new BatchSizeCounters(storage, up, failures, started + 1, reports, ended);
  }

  BatchSizeCounters withReport() {
    return new BatchSizeCounters(storage, up, failures, started, reports + 1, ended);
  }

  BatchSizeCounters withEnd(Trial.Status status) {
    Map<Trial.Status, Long> more = new HashMap<>(ended);
    more.merge(status, 1L, Long::sum);
    return new BatchSizeCounters(storage, up, failures, started, reports, more);
  }
}
