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
 * The limits that one GPU's driver kept of those that were requested: drivers round, clamp, scale
 * and ignore requests. A driver is assumed to keep no less when more is requested. Used by the
 * engine's thread only.
 */
final class ReadBacks {
  /** The oldest are forgotten, so that a policy with ever new limits does not fill the memory. */
  private static final int MOST = 32;

  /** A driver that leaves the range this often gets requests for its maximum. */
  private static final int MOST_OUTSIDE = 3;

  private static final long ONE_WATT = 1000;

  /** Milliwatts kept, by milliwatts requested, the oldest first. */
  private final Map<Long, Long> kept = new LinkedHashMap<>();

  void add(Watts requested, Watts got) {
    forget(requested);
    kept.put(requested.toMilliwatts(), got.toMilliwatts());
    if (kept.size() > MOST) {
      kept.remove(kept.keySet().iterator().next());
    }
  }

  void forget(Watts requested) {
    kept.remove(requested.toMilliwatts());
  }

  void forgetAll() {
    kept.clear();
  }

  /**
   * Whether a GPU that shows {@code shown} would stay there after a request for {@code request}.
   */
  boolean stays(Watts request, Watts shown) {
    long requested = request.toMilliwatts();
    long now = shown.toMilliwatts();
    Long known = kept.get(requested);
    return known != null
        ? known == now
        : kept.entrySet().stream()
            .filter(answer -> answer.getValue() == now)
            .anyMatch(answer -> isBetween(requested, answer.getKey(), now));
  }

  private static boolean isBetween(long value, long one, long other) {
    return Math.min(one, other) <= value && value <= Math.max(one, other);
  }

  /**
   * What to request, so that the GPU comes as near to {@code target} as it can without leaving
   * {@code range}.
   */
  Watts requestFor(Watts target, PowerRange range) {
    long low = range.min().toMilliwatts();
    long high = range.max().toMilliwatts();
    long request = range.clamp(target).toMilliwatts();
    List<Map.Entry<Long, Long>> below = answers(got -> got < low);
    List<Map.Entry<Long, Long>> above = answers(got -> got > high);
    if (below.size() > MOST_OUTSIDE || above.size() > MOST_OUTSIDE) {
      return range.max();
    }
    long wanted =
        expected(request)
            .filter(got -> got < low)
            .map(got -> scaled(low, request, got))
            .orElse(request);
    long raised =
        below.stream()
            .filter(answer -> answer.getKey() >= request)
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

  /** What the driver will keep, if it treats the request like the nearest known one. */
  private Optional<Long> expected(long request) {
    return kept.entrySet().stream()
        .min(Comparator.comparingLong(answer -> Math.abs(answer.getKey() - request)))
        .filter(answer -> answer.getValue() < answer.getKey() && answer.getKey() > 0)
        .map(answer -> Math.round((double) request * answer.getValue() / answer.getKey()));
  }

  /** The request for {@code wanted} to a driver that made {@code got} of {@code requested}. */
  private static long scaled(long wanted, long requested, long got) {
    return got <= 0
        ? Long.MAX_VALUE / ONE_WATT
        : (long) Math.ceil((double) wanted * requested / got);
  }
}
