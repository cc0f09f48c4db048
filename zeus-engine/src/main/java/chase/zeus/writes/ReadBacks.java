package chase.zeus.writes;

import chase.zeus.gpu.PowerRange;
import chase.zeus.unit.Watts;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongPredicate;

/**
 * The limits that one GPU's driver kept of those that were requested: drivers round, clamp, scale
 * and ignore requests. A driver is assumed to keep no less when more is requested. Used by the
 * engine's thread only.
 */
public final class ReadBacks {
  /** The oldest are forgotten, so that a policy with ever new limits does not fill the memory. */
  private static final int MOST = 32;

  /** A driver that leaves the range this often gets requests for its maximum. */
  private static final int MOST_OUTSIDE = 3;

  /** A driver may round a limit by less than this; a larger difference means another limit. */
  public static final double ROUNDING_WATTS = 1;

  private static final long ONE_WATT = 1000;

  /** A write without effect is tried this often before it is given up. */
  private static final int TRIES = 3;

  /** No driver is known to round by more; a limit that stays put over more was not rounded. */
  private static final double COARSEST_STEP_WATTS = 25;

  /** The outcome of a write, by the limits that the GPU showed straight after it. */
  public enum WriteOutcome {
    /** The requested limit, or what the driver makes of it. */
    MET,
    /** Another limit, and worth another try. */
    UNMET,
    /** Another limit after several tries. */
    GIVEN_UP
  }

  /**
   * A write that the driver accepted and did not carry out.
   *
   * @param requested the requested limit
   * @param before the limit before
   * @param kept the limit afterwards
   */
  public record IneffectiveWrite(Watts requested, Watts before, Watts kept) {
    /** Such as {@code the driver accepted 300 W and kept 400 W}. */
    public String text() {
      return before.sameLimitAs(kept)
          ? "the driver accepted " + requested + " and kept " + kept
          : "the driver accepted " + requested + " and made " + kept + " of it";
    }

    /** Whether the limit stayed where it was, over more than any rounding. */
    private boolean isWithoutEffect() {
      return kept.sameLimitAs(before)
          && Math.abs(requested.value() - kept.value()) > COARSEST_STEP_WATTS;
    }
  }

  /** Milliwatts kept, by milliwatts requested, the oldest first. */
  private final Map<Long, Long> kept = new LinkedHashMap<>();

  private Optional<IneffectiveWrite> ineffective = Optional.empty();
  private int tries;

  /** Requests that the driver did not carry out several times. */
  private final Set<Watts> givenUp = new HashSet<>();

  /**
   * Notes the limit that the driver kept straight after a write.
   *
   * @param requested the limit that was requested
   * @param before the limit before
   * @param got the limit straight afterwards
   * @param range the limits that the GPU may have
   * @param restores whether it restores the original limit, which is tried again until the driver
   *     keeps it
   */
  public WriteOutcome readBack(
      Watts requested, Watts before, Watts got, PowerRange range, boolean restores) {
    if (got.sameLimitAs(requested)) {
      forget(requested);
      settled();
      return WriteOutcome.MET;
    }
    IneffectiveWrite write = new IneffectiveWrite(requested, before, got);
    add(requested, got);
    if (!range.contains(got)) {
      return requestFor(requested, range).sameLimitAs(requested) ? retry(write) : WriteOutcome.MET;
    }
    if (isRounded(requested, got) || !(restores || write.isWithoutEffect())) {
      settled();
      return WriteOutcome.MET;
    }
    WriteOutcome outcome = retry(write);
    if (tries < TRIES) {
      return outcome;
    }
    add(requested, got);
    givenUp.add(requested);
    return WriteOutcome.GIVEN_UP;
  }

  private static boolean isRounded(Watts requested, Watts got) {
    return Math.abs(requested.value() - got.value()) < ROUNDING_WATTS;
  }

  private WriteOutcome retry(IneffectiveWrite write) {
    boolean again =
        ineffective.filter(last -> last.requested().sameLimitAs(write.requested())).isPresent();
    tries = again ? tries + 1 : 1;
    ineffective = Optional.of(write);
    forget(write.requested());
    return WriteOutcome.UNMET;
  }

  /** The last write, when the driver did not carry it out. */
  public Optional<IneffectiveWrite> ineffective() {
    return ineffective;
  }

  /** The GPU has the limit that it should have, or one that an external process set. */
  public void settled() {
    ineffective = Optional.empty();
    tries = 0;
  }

  /** A new request comes in: what the driver did not carry out is worth another try. */
  public void retryGivenUp() {
    givenUp.forEach(this::forget);
    givenUp.clear();
    settled();
  }

  private void add(Watts requested, Watts got) {
    forget(requested);
    kept.put(requested.toMilliwatts(), got.toMilliwatts());
    if (kept.size() > MOST) {
      kept.remove(kept.keySet().iterator().next());
    }
  }

  private void forget(Watts requested) {
    kept.remove(requested.toMilliwatts());
  }

  /** Nothing that the driver made of earlier writes counts any more. */
  public void forgetAll() {
    kept.clear();
    givenUp.clear();
    settled();
  }

  /**
   * Whether a GPU that shows {@code shown} would stay there after a request for {@code request}.
   */
  public boolean stays(Watts request, Watts shown) {
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
  public Watts requestFor(Watts target, PowerRange range) {
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
