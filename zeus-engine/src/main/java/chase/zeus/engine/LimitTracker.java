package chase.zeus.engine;

import chase.zeus.gpu.GpuTraits;
import chase.zeus.gpu.PowerLimits;
import chase.zeus.gpu.PowerRange;
import chase.zeus.unit.Watts;
import chase.zeus.writes.ReadBacks;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Tracks one GPU's limit: what it is, whether Chase or an external process set it, and which limit
 * is restored at the end. Used by the engine's thread only.
 */
final class LimitTracker {
  private Optional<PowerLimits> shown;
  private Optional<OriginalLimit> original;
  private final ReadBacks readBacks = new ReadBacks();

  /** Limits that were requested and not seen yet, but may still show up, in milliwatts. */
  private final Set<Long> doubtful = new HashSet<>();

  LimitTracker(Event.GpuOpened opened) {
    this.shown = opened.limits();
    this.original = opened.original();
  }

  /** The limits that the GPU showed last; empty for a GPU without a power limit. */
  Optional<PowerLimits> shown() {
    return shown;
  }

  /** The limit to restore: the one at the start, or the last that an external process set. */
  Optional<Watts> original() {
    return original.map(OriginalLimit::limit);
  }

  Optional<Watts> current() {
    return shown.map(PowerLimits::requested);
  }

  /** The driver came back: a limit that Chase did not set is the original from now on. */
  void reopened(Event.GpuOpened opened) {
    boolean ours =
        opened.limits().isPresent()
            && shown.isPresent()
            && isOurs(opened.limits().get().requested());
    shown = opened.limits();
    original = ours ? original : opened.original();
    readBacks.forgetAll();
    doubtful.clear();
  }

  /** Notes the limits that the GPU shows; false when they are neither known nor set by Chase. */
  boolean observe(PowerLimits seen) {
    if (shown.isPresent() && !isOurs(seen.requested())) {
      return false;
    }
    shown = Optional.of(seen);
    return true;
  }

  /** Notes a limit that Chase set with an order that is no longer pending. */
  void recordWrite(PowerLimits readBack) {
    shown = Optional.of(readBack);
  }

  private boolean isOurs(Watts requested) {
    return shows(requested) || doubtful.contains(requested.toMilliwatts());
  }

  /** Whether the GPU has exactly the limit {@code requested}. */
  boolean shows(Watts requested) {
    return current().filter(requested::sameLimitAs).isPresent();
  }

  /**
   * What to request from the driver, so that the GPU comes to {@code target}; empty when it is
   * there, or as near as its driver brings it.
   *
   * @param range the limits that the GPU may have
   */
  Optional<Watts> requestFor(Watts target, PowerRange range) {
    if (shown.isEmpty() || shows(target)) {
      return Optional.empty();
    }
    Watts request = readBacks.requestFor(target, range);
    return shows(request) || readBacks.stays(request, shown.get().requested())
        ? Optional.empty()
        : Optional.of(request);
  }

  /** Whether the GPU has the limit {@code target}, or what the driver makes of it. */
  boolean isAt(Watts target, PowerRange range) {
    return shown.isPresent() && requestFor(target, range).isEmpty();
  }

  /** Whether the GPU is at {@code target} and nothing else, such as a ceiling, holds it lower. */
  boolean isUnder(Watts target, PowerRange range) {
    return isAt(target, range)
        && shown
            .filter(
                now -> now.enforced().value() > now.requested().value() - ReadBacks.ROUNDING_WATTS)
            .isPresent();
  }

  /** Whether the GPU has another limit than the original. */
  boolean isDisplaced() {
    return shown.isPresent() && original().filter(limit -> !shows(limit)).isPresent();
  }

  /** By how many watts the limit rises once the original is restored. */
  double wattsToRestore() {
    return current()
        .flatMap(now -> original().map(own -> Math.max(own.value() - now.value(), 0)))
        .orElse(0.0);
  }

  /** An external process set the limit: it is the one to restore. */
  void adopt(PowerLimits external) {
    shown = Optional.of(external);
    original =
        Optional.of(
            original
                .map(before -> before.adopt(external.requested()))
                .orElseGet(() -> OriginalLimit.onRecord(external.requested())));
    readBacks.settled();
    doubtful.clear();
  }

  /**
   * Notes the limits that the GPU shows straight after {@code order}, which are the driver's answer
   * to it.
   *
   * @param range the limits that the GPU may have
   */
  ReadBacks.WriteOutcome readBack(Order order, PowerLimits readBack, PowerRange range) {
    Watts kept = readBack.requested();
    boolean restores = original().filter(order.limit()::sameLimitAs).isPresent();
    shown = Optional.of(readBack);
    ReadBacks.WriteOutcome outcome =
        readBacks.readBack(order.limit(), order.expected(), kept, range, restores);
    boolean exact = kept.sameLimitAs(order.limit());
    if (exact || (outcome == ReadBacks.WriteOutcome.MET && range.contains(kept))) {
      doubtful.clear();
    }
    if (!exact) {
      doubt(order.limit());
    }
    return outcome;
  }

  /** The last write, when the driver did not carry it out. */
  Optional<ReadBacks.IneffectiveWrite> ineffective() {
    return readBacks.ineffective();
  }

  /** A new request comes in: what the driver did not carry out is worth another try. */
  void retryGivenUp() {
    readBacks.retryGivenUp();
  }

  /** Nothing that the driver made of earlier writes counts any more. */
  void resume() {
    readBacks.forgetAll();
  }

  /** A write of {@code limit} may have reached the GPU, or not. */
  void doubt(Watts limit) {
    doubtful.add(limit.toMilliwatts());
  }

  /** The limits that Chase may set; empty when it may set none. */
  Optional<PowerRange> allowed(GpuTraits traits, double floorRatio) {
    if (traits.unwritable().isPresent() || traits.powerRange().isEmpty() || original.isEmpty()) {
      return Optional.empty();
    }
    PowerRange range = traits.powerRange().get();
    Watts highest = original.get().limit();
    if (!range.contains(highest)) {
      return Optional.empty();
    }
    Watts floor = original.get().floor(floorRatio);
    return Optional.of(new PowerRange(range.min().max(floor).min(highest), highest));
  }

  /**
   * The limits that the GPU may have now.
   *
   * @param leased whether a lease counts, which may go below the floor
   */
  PowerRange settable(GpuTraits traits, double floorRatio, boolean leased) {
    return allowed(traits, floorRatio)
        .map(range -> leased ? leasable(traits, range) : range)
        .orElseGet(() -> new PowerRange(Watts.ZERO, original().orElse(Watts.ZERO)));
  }

  /** The original limit, or the nearest that the GPU accepts now. */
  Optional<Watts> nearestOriginal(GpuTraits traits) {
    return original().map(own -> traits.powerRange().map(range -> range.clamp(own)).orElse(own));
  }

  /** The limits that a lease may have: those allowed, and down to the GPU's own minimum. */
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
                    + ", lies outside the GPU's own range, "
                    + traits.powerRange().get()
                : "the GPU reports no power limit");
  }
}
