package chase.daemon.batchsize;

import chase.zeus.batchsize.Trial;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What was done with batch sizes since the daemon started.
 *
 * @param storage {@code sqlite} or {@code postgresql}
 * @param up whether the database could be used when it was last needed; empty before
 * @param failures questions that the database did not answer
 * @param started trials that were given a batch size
 * @param reports reports that were recorded
 * @param ended trials that ended, by how
 */
public record Counts(
    String storage,
    Optional<Boolean> up,
    long failures,
    long started,
    long reports,
    Map<Trial.Status, Long> ended) {
  /** Copies the map. */
  public Counts {
    ended = Map.copyOf(ended);
  }

  /** Nothing done yet. */
  public static Counts none(String storage) {
    return new Counts(storage, Optional.empty(), 0, 0, 0, Map.of());
  }

  Counts answered() {
    return new Counts(storage, Optional.of(true), failures, started, reports, ended);
  }

  Counts failed() {
    return new Counts(storage, Optional.of(false), failures + 1, started, reports, ended);
  }

  Counts withTrial() {
    return new Counts(storage, up, failures, started + 1, reports, ended);
  }

  Counts withReport() {
    return new Counts(storage, up, failures, started, reports + 1, ended);
  }

  Counts withEnd(Trial.Status status) {
    Map<Trial.Status, Long> more = new HashMap<>(ended);
    more.merge(status, 1L, Long::sum);
    return new Counts(storage, up, failures, started, reports, more);
  }
}
