package chase.carbon;

import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * What a guard has held back since it began.
 *
 * @param counts numbers by reason; a reason that never came up is not in it
 * @param last the one held back last
 */
public record Quarantine(Map<Doubt, Long> counts, Optional<Quarantined> last) {
  /** Nothing yet. */
  public static final Quarantine EMPTY = new Quarantine(Map.of(), Optional.empty());

  /** Copies the counts. */
  public Quarantine {
    counts = Map.copyOf(counts);
  }

  /** How many were held back for that reason. */
  public long count(Doubt doubt) {
    return counts.getOrDefault(doubt, 0L);
  }

  /** How many were held back. */
  public long total() {
    return counts.values().stream().mapToLong(Long::longValue).sum();
  }

  Quarantine with(Quarantined one) {
    Map<Doubt, Long> more = new EnumMap<>(Doubt.class);
    more.putAll(counts);
    more.merge(one.doubt(), 1L, Long::sum);
    return new Quarantine(more, Optional.of(one));
  }
}
