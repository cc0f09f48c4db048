package chase.daemon.ledger;

import chase.zeus.gpu.GpuTraits;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What came to one row and is not in the database yet.
 *
 * @param key which row
 * @param sums what is added to it
 * @param secondsAt the time under each limit in force, by whole milliwatts
 */
record Entry(Key key, Sums sums, Map<Long, Double> secondsAt) {
  /**
   * One row: a GPU, its tenant and an hour, as long as the figures have one basis.
   *
   * @param hour hours since 1970
   * @param gpu the card
   * @param job the tenant's id; empty where nobody is known to use the card
   * @param basis where the figures come from
   */
  record Key(long hour, Card gpu, Optional<String> job, Basis basis) {}

  /** A card as the ledger knows it. */
  record Card(String uuid, String model) {
    static Card of(GpuTraits traits) {
      return new Card(traits.id().uuid(), traits.model());
    }
  }

  /** This with {@code more} of the same row. */
  Entry and(Entry more) {
    Map<Long, Double> seconds = new TreeMap<>(secondsAt);
    more.secondsAt.forEach((limit, time) -> seconds.merge(limit, time, Double::sum));
    return new Entry(key, sums.plus(more.sums), seconds);
  }
}
