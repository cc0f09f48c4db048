package chase.daemon.ledger;

import chase.zeus.gpu.GpuTraits;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What came to one row and is not in the database yet.
 *
 * @param key which row
 * @param usage what is added to it
 * @param secondsAt the time under each limit in force, by whole milliwatts
 */
record Entry(Key key, Usage usage, Map<Long, Double> secondsAt) {
  /**
   * One row: a GPU, its tenant and an hour, as long as the figures have one basis.
   *
   * @param hour hours since 1970
   * @param gpu the card
   * @param job the tenant's id; empty where nobody is known to use the card
   * @param sources where the figures come from
   */
  record Key(long hour, GpuName gpu, Optional<String> job, FigureSources sources) {}

  /** A card as the ledger knows it. */
  record GpuName(String uuid, String model) {
    static GpuName of(GpuTraits traits) {
      return new GpuName(traits.id().uuid(), traits.model());
    }
  }

  /** This with {@code more} of the same row. */
  Entry and(Entry more) {
    Map<Long, Double> seconds = new TreeMap<>(secondsAt);
    more.secondsAt.forEach((limit, time) -> seconds.merge(limit, time, Double::sum));
    return new Entry(key, usage.plus(more.usage), seconds);
  }
}
