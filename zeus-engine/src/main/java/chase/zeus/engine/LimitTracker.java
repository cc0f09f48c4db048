package chase.zeus.engine;

import chase.zeus.gpu.GpuTraits;
import chase.zeus.gpu.PowerLimits;
import chase.zeus.gpu.PowerRange;
import chase.zeus.unit.Watts;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * What a card's limit is, whose it is, and which one goes back. Used by the engine's thread only.
 */
final class LimitTracker {
  /** A write that does nothing is tried this often before Chase gives it up. */
  private static final int TRIES = 3;

  /** No driver is known to round by more; what stays where it was over more was not rounded. */
  private static final double COARSEST_STEP_WATTS = 25;

  /** What came of a write, by what the card showed straight after it. */
  enum WriteOutcome {
    /** The limit asked for, or what the driver makes of it. */
    MET,
    /** Not what was asked, and worth another try. */
    UNMET,
    /** The same after several tries. */
    GIVEN_UP
  }

  /**
   * A write that the driver accepted and did not carry out.
   *
   * @param asked the limit asked for
   * @param before the limit before
   * @param got the limit afterwards
   */
  record IneffectiveWrite(Watts asked, Watts before, Watts got) {
    /** Such as {@code the driver accepted 300 W and kept 400 W}. */
    String text() {
      return before.sameLimitAs(got)
          ? "the driver accepted " + asked + " and kept " + got
          : "the driver accepted " + asked + " and made " + got + " of it";
    }
  }

  private Optional<PowerLimits> shown;
  private Optional<OriginalLimit> original;
  private final ReadBacks readBacks = new ReadBacks();

  /** Limits asked for that the card did not show, but may show yet. */
  private final Set<Long> doubtfulMilliwatts = new HashSet<>();

  private Optional<IneffectiveWrite> unmet = Optional.empty();
  private int tries;

  /** What the driver did not carry out several times. */
  private final Set<Watts> givenUp = new HashSet<>();

  LimitTracker(Event.GpuOpened opened) {
    this.shown = opened.limits();
    this.original = opened.original();
  }

  Optional<PowerLimits> shown() {
    return shown;
  }

  /** The limit found, or the last that somebody else set: the one to put back. */
  Optional<Watts> original() {
    return original.map(OriginalLimit::limit);
  }

  /** The limit that the floor is taken of. */
  Optional<Watts> floorOf() {
    return original.map(OriginalLimit::floorOf);
  }

  Optional<Watts> current() {
    return shown.map(PowerLimits::requested);
  }

  /** The driver came back: a limit that is not ours any more is what was found now. */
  void reopened(Event.GpuOpened opened) {
    boolean ours =
        opened.limits().isPresent()
            && shown.isPresent()
            && isOurs(opened.limits().get().requested());
    shown = opened.limits();
    original = ours ? original : opened.original();
    forgetAnswers();
    settled();
  }

  private void forgetAnswers() {
    readBacks.forgetAll();
    givenUp.clear();
  }

  /** Takes in what the card shows; false when that is neither known nor ours. */
  boolean observe(PowerLimits seen) {
    if (shown.isPresent() && !isOurs(seen.requested())) {
      return false;
    }
    shown = Optional.of(seen);
    return true;
  }

  /** Takes in a limit that Chase set, whatever became known of the card meanwhile. */
  void recordWrite(PowerLimits readBack) {
    shown = Optional.of(readBack);
  }

  private boolean isOurs(Watts requested) {
    return shows(requested) || doubtfulMilliwatts.contains(requested.toMilliwatts());
  }

  /** Whether the card has exactly the limit {@code requested}. */
  boolean shows(Watts requested) {
    return current().filter(requested::sameLimitAs).isPresent();
  }

  private boolean isOriginal(Watts limit) {
    return original().filter(limit::sameLimitAs).isPresent();
  }

  /**
   * What to ask the driver for, so that the card comes to {@code wish}; empty when it is there, or
   * as near as its driver brings it.
   *
   * @param range the limits that the card may have
   */
  Optional<Watts> requestFor(Watts wish, PowerRange range) {
    if (shown.isEmpty() || shows(wish)) {
      return Optional.empty();
    }
    Watts ask = readBacks.requestFor(wish, range);
    return shows(ask) || readBacks.stays(ask, shown.get().requested())
        ? Optional.empty()
        : Optional.of(ask);
  }

  /** Whether the card has the limit {@code wish}, or what the driver makes of it. */
  boolean isAt(Watts wish, PowerRange range) {
    return shown.isPresent() && requestFor(wish, range).isEmpty();
  }

  /** Whether the card is at {@code wish} and nothing else, such as a ceiling, holds it lower. */
  boolean isUnder(Watts wish, PowerRange range) {
    return isAt(wish, range)
        && shown
            .filter(now -> now.enforced().value() > now.requested().value() - Order.ROUNDING_WATTS)
            .isPresent();
  }

  /** Whether the card has another limit than the one to put back. */
  boolean isDisplaced() {
    return shown.isPresent() && original.isPresent() && !shows(original.get().limit());
  }

  /** Somebody else set the limit: theirs is the one to put back. */
  void adopt(PowerLimits theirs) {
    shown = Optional.of(theirs);
    original =
        Optional.of(
            original
                .map(before -> before.adopt(theirs.requested()))
                .orElseGet(() -> new OriginalLimit(theirs.requested(), theirs.requested())));
    settled();
  }

  private void settled() {
    doubtfulMilliwatts.clear();
    unmet = Optional.empty();
    tries = 0;
  }

  /**
   * Takes in what the card shows straight after {@code order}, which is its driver's answer.
   *
   * @param range the limits that the card may have
   */
  WriteOutcome readBack(Order order, PowerLimits readBack, PowerRange range) {
    Watts asked = order.limit();
    Watts got = readBack.requested();
    shown = Optional.of(readBack);
    if (got.sameLimitAs(asked)) {
      readBacks.forget(asked);
      settled();
      return WriteOutcome.MET;
    }
    IneffectiveWrite failure = new IneffectiveWrite(asked, order.expected(), got);
    readBacks.add(asked, got);
    if (!range.contains(got)) {
      doubt(asked);
      return readBacks.requestFor(asked, range).sameLimitAs(asked)
          ? again(failure)
          : WriteOutcome.MET;
    }
    if (order.isMetBy(got) || !(isOriginal(asked) || isWithoutEffect(failure))) {
      settled();
      doubt(asked);
      return WriteOutcome.MET;
    }
    WriteOutcome outcome = again(failure);
    if (tries < TRIES) {
      return outcome;
    }
    readBacks.add(asked, got);
    givenUp.add(asked);
    return WriteOutcome.GIVEN_UP;
  }

  private static boolean isWithoutEffect(IneffectiveWrite write) {
    return write.got().sameLimitAs(write.before())
        && Math.abs(write.asked().value() - write.got().value()) > COARSEST_STEP_WATTS;
  }

  private WriteOutcome again(IneffectiveWrite failure) {
    boolean same = unmet.filter(last -> last.asked().sameLimitAs(failure.asked())).isPresent();
    tries = same ? tries + 1 : 1;
    unmet = Optional.of(failure);
    readBacks.forget(failure.asked());
    doubt(failure.asked());
    return WriteOutcome.UNMET;
  }

  /** The last write, when the driver did not carry it out. */
  Optional<IneffectiveWrite> unmet() {
    return unmet;
  }

  /** Somebody asks again: what the driver did not carry out is worth a try. */
  void retryGivenUp() {
    givenUp.forEach(readBacks::forget);
    givenUp.clear();
    unmet = Optional.empty();
    tries = 0;
  }

  /** Nothing that the driver answered counts any more. */
  void resume() {
    forgetAnswers();
    retryGivenUp();
  }

  /** An order for {@code limit} failed, and nobody knows how far it came. */
  void doubt(Watts limit) {
    doubtfulMilliwatts.add(limit.toMilliwatts());
  }

  /** The limits that Chase may set; empty when it may set none. */
  Optional<PowerRange> allowed(GpuTraits traits, double floorRatio) {
    if (traits.unwritable().isPresent() || traits.powerRange().isEmpty() || original.isEmpty()) {
      return Optional.empty();
    }
    PowerRange range = traits.powerRange().get();
    Watts found = original.get().limit();
    if (!range.contains(found)) {
      return Optional.empty();
    }
    Watts floor = original.get().floor(floorRatio);
    return Optional.of(new PowerRange(range.min().max(floor).min(found), found));
  }

  /** The limits that a lease may have: those allowed, and down to the card's own lowest. */
  static PowerRange leasable(GpuTraits traits, PowerRange allowed) {
    return new PowerRange(traits.powerRange().orElseThrow().min(), allowed.max());
  }

  /** Why {@link #allowed} is empty. */
  String whyNotAllowed(GpuTraits traits) {
    return traits
        .unwritable()
        .orElseGet(() ->
            original.isPresent() && traits.powerRange().isPresent()
                ? "the original limit, "
                    + original.get().limit()
                    + ", lies outside the card's own range, "
                    + traits.powerRange().get()
                : "the card tells no power limit");
  }
}
