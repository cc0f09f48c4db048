package chase.zeus.engine;

import chase.zeus.gpu.PowerRange;
import chase.zeus.unit.Watts;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongPredicate;

/**
 * What one card's driver kept of the limits that were asked of it: drivers round, clamp, scale and
 * ignore. It is taken for one that keeps no less when more is asked. Used by the engine's thread
 * only.
 */
final class ReadBacks {
  /** Older answers are forgotten, so that a policy that wanders does not fill the memory. */
  private static final int MOST = 32;

  /** A driver that leads out of the range this often is asked for the end of it. */
  private static final int MOST_OUTSIDE = 3;

  private static final long ONE_WATT = 1000;

  /** Milliwatts kept by milliwatts asked, the oldest first. */
  private final Map<Long, Long> kept = new LinkedHashMap<>();

  void add(Watts asked, Watts got) {
    forget(asked);
    kept.put(asked.toMilliwatts(), got.toMilliwatts());
    if (kept.size() > MOST) {
      kept.remove(kept.keySet().iterator().next());
    }
  }

  void forget(Watts asked) {
    kept.remove(asked.toMilliwatts());
  }

  void forgetAll() {
    kept.clear();
  }

  /** Whether a card that shows {@code shown} would stay there if it were asked for {@code ask}. */
  boolean stays(Watts ask, Watts shown) {
    long asked = ask.toMilliwatts();
    long now = shown.toMilliwatts();
    Long known = kept.get(asked);
    return known != null
        ? known == now
        : kept.entrySet().stream()
            .filter(answer -> answer.getValue() == now)
            .anyMatch(answer -> isBetween(asked, answer.getKey(), now));
  }

  private static boolean isBetween(long value, long one, long other) {
    return Math.min(one, other) <= value && value <= Math.max(one, other);
  }

  /**
   * What to ask for, so that the card comes as near to {@code wish} as it can without leaving
   * {@code range}.
   */
  Watts requestFor(Watts wish, PowerRange range) {
    long low = range.min().toMilliwatts();
    long high = range.max().toMilliwatts();
    long ask = range.clamp(wish).toMilliwatts();
    List<Map.Entry<Long, Long>> below = answers(got -> got < low);
    List<Map.Entry<Long, Long>> above = answers(got -> got > high);
    if (below.size() > MOST_OUTSIDE || above.size() > MOST_OUTSIDE) {
      return range.max();
    }
    long wanted =
        expected(ask).filter(got -> got < low).map(got -> scaled(low, ask, got)).orElse(ask);
    long raised =
        below.stream()
            .filter(answer -> answer.getKey() >= ask)
            .max(Map.Entry.comparingByKey())
            .map(answer ->
                Math.max(
                    scaled(low, answer.getKey(), answer.getValue()), answer.getKey() + ONE_WATT))
            .orElse(wanted);
    long next =
        above.stream()
            .filter(answer -> answer.getKey() <= raised)
            .min(Map.Entry.comparingByKey())
            .map(answer ->
                Math.min(high * answer.getKey() / answer.getValue(), answer.getKey() - ONE_WATT))
            .orElse(raised);
    return range.clamp(Watts.ofMilliwatts(Math.max(next, 0)));
  }

  private List<Map.Entry<Long, Long>> answers(LongPredicate got) {
    return kept.entrySet().stream().filter(answer -> got.test(answer.getValue())).toList();
  }

  /** The answer to expect, as the nearest known one was. */
  private Optional<Long> expected(long ask) {
    return kept.entrySet().stream()
        .min(Comparator.comparingLong(answer -> Math.abs(answer.getKey() - ask)))
        .filter(answer -> answer.getValue() < answer.getKey() && answer.getKey() > 0)
        .map(answer -> Math.round((double) ask * answer.getValue() / answer.getKey()));
  }

  /** What to ask a driver for {@code wanted} that made {@code got} of {@code asked}. */
  private static long scaled(long wanted, long asked, long got) {
    return got <= 0 ? Long.MAX_VALUE / ONE_WATT : (long) Math.ceil((double) wanted * asked / got);
  }
}
