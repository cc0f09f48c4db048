package chase.zeus.engine;

import chase.zeus.engine.GpuView.Counts;
import chase.zeus.gpu.GpuId;
import chase.zeus.gpu.GpuTraits;
import chase.zeus.gpu.PowerLimits;
import chase.zeus.gpu.PowerRange;
import chase.zeus.policy.InForce;
import chase.zeus.policy.PowerPolicy;
import chase.zeus.policy.Progress;
import chase.zeus.profile.PowerProfile;
import chase.zeus.profile.ProfileEvent;
import chase.zeus.unit.Watts;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;

/** What the engine knows of one GPU, and what it wants of it. Used by the engine's thread only. */
final class Card {
  private final Rules rules;
  private GpuTraits traits;
  private Optional<PowerProfile> profile;
  private final KnownLimits limits;
  private final Judge judge = new Judge();
  private Standing standing = new Standing.Free();
  private Optional<Order> pending = Optional.empty();

  private final Tenure tenure = new Tenure();
  private Optional<Instant> changedAt = Optional.empty();
  private CardReadings readings = CardReadings.NONE;
  private Counts counts = Counts.NONE;
  private Optional<Progress> progress = Optional.empty();
  private Optional<PowerPolicy> policy = Optional.empty();
  private Wish wish = new Wish(Optional.empty(), new Reason.Unwritable("not decided yet"));

  Card(Rules rules, Event.GpuOpened opened) {
    this.rules = rules;
    this.traits = opened.traits();
    this.profile = opened.profile();
    this.limits = new KnownLimits(opened.limits());
  }

  GpuId id() {
    return traits.id();
  }

  GpuTraits traits() {
    return traits;
  }

  /** The driver came back. */
  void reopened(Event.GpuOpened opened) {
    traits = opened.traits();
    profile = opened.profile();
    limits.foundAnew(opened.limits());
    standing = new Standing.Free();
    pending = Optional.empty();
  }

  void read(Event.ReadingTaken taken) {
    readings = readings.after(taken, traits);
    taken.reading().limits().ifPresent(seen -> see(seen, taken.at()));
  }

  /** Compares the limits that a card shows with those that Chase knows. */
  private void see(PowerLimits seen, Instant at) {
    boolean onItsWay = pending.isPresent() && seen.requested().sameLimitAs(pending.get().limit());
    if (!onItsWay && !limits.show(seen)) {
      adopt(seen, at);
    }
  }

  /** Somebody else set the limit: theirs is the one to put back, and the card is left alone. */
  void adopt(PowerLimits theirs, Instant at) {
    limits.adopt(theirs);
    pending = Optional.empty();
    standing = new Standing.HandsOff(theirs.requested(), at.plus(rules.handsOff()));
    counts = counts.plusForeign();
  }

  void applied(Event.LimitApplied applied) {
    Optional<Order> order = pending;
    pending = Optional.empty();
    counts = counts.plusApplied();
    if (!limits.settle(order, applied.readBack())) {
      adopt(applied.readBack(), applied.at());
      return;
    }
    changedAt = Optional.of(applied.at());
    standing = new Standing.Free();
  }

  void failed(Event.LimitFailed failure) {
    limits.doubt(failure.limit());
    pending = Optional.empty();
    boolean passing = Standing.isPassing(failure);
    if (!passing && wish.reason() instanceof Reason.Leased) {
      tenure.failed(limits::isAt);
    }
    counts = passing ? counts.plusFailed() : counts.plusRefused();
    standing =
        passing ? Standing.Retrying.after(standing, failure, rules) : Standing.forGood(failure);
  }

  void lost(String why) {
    standing = new Standing.Lost(why);
    pending = Optional.empty();
  }

  void override(Watts limit, Instant until) {
    tenure.override(limit, until);
  }

  /** The policy decides again, at once: an operator's wish does not wait for the dwell. */
  void release() {
    tenure.release();
    decideAtOnce();
  }

  /** An explicit request is tried, whatever kept Chase off the card. */
  void lease(Event.LeaseTaken taken) {
    tenure.lease(taken);
    resume();
  }

  void endLease() {
    tenure.endLease();
    decideAtOnce();
  }

  Tenure tenure() {
    return tenure;
  }

  /** The next change need not wait for the dwell. */
  void decideAtOnce() {
    changedAt = Optional.empty();
  }

  /** The stop tries at once; what fails then waits as ever. */
  void stopping(Instant at) {
    if (standing instanceof Standing.Retrying retrying) {
      standing = retrying.dueAt(at);
    }
  }

  /** Whatever kept Chase off this card is forgotten, unless the card is gone. */
  void resume() {
    if (!(standing instanceof Standing.Lost)) {
      standing = new Standing.Free();
    }
    changedAt = Optional.empty();
  }

  void progressed(Optional<Progress> counted) {
    progress = counted;
  }

  Optional<Progress> progress() {
    return progress;
  }

  Optional<PowerPolicy> policy() {
    return policy;
  }

  void choose(Optional<PowerPolicy> chosen) {
    policy = chosen;
  }

  /**
   * Decides what the card should have; {@link #order} and {@link #view} go by it.
   *
   * @param decided what a policy wants, asked only if the card {@link #followsPolicy}; without a
   *     limit the one found is meant
   */
  void decide(Host host, Supplier<Wish> decided) {
    wish = wish(host, decided);
  }

  /** Time passed: what ran out is forgotten. */
  void settle(Instant at) {
    if (tenure.settle(at)) {
      decideAtOnce();
    }
    if (standing instanceof Standing.HandsOff handsOff && !at.isBefore(handsOff.until())) {
      standing = new Standing.Free();
    }
  }

  /** The limits that Chase may set; empty when it may set none. */
  Optional<PowerRange> allowed() {
    return limits.allowed(traits, rules.floorRatio());
  }

  /** The order that brings the card to where it should be, if one is due. */
  Optional<Order> order(Host host) {
    boolean quiet =
        rules.mode() == Mode.OBSERVE
            || pending.isPresent()
            || wish.limit().isEmpty()
            || limits.shown().isEmpty()
            || (standing instanceof Standing.Retrying retrying
                && host.at().isBefore(retrying.until()));
    if (quiet || limits.isAt(wish.limit().orElseThrow())) {
      return Optional.empty();
    }
    pending =
        Optional.of(
            new Order(
                id(),
                wish.limit().orElseThrow(),
                limits.current().orElseThrow(),
                limits.original().orElseThrow()));
    return pending;
  }

  private Wish wish(Host host, Supplier<Wish> decided) {
    return switch (standing) {
      case Standing.Lost lost -> new Wish(Optional.empty(), new Reason.Lost(lost.why()));
      case Standing.Refused refused ->
          new Wish(limits.current(), new Reason.Refused(refused.why()));
      case Standing.HandsOff handsOff when !host.stopping() && !host.paused() ->
          new Wish(limits.current(), new Reason.HandsOff(handsOff.foreign(), handsOff.until()));
      case Standing.Retrying retrying when host.at().isBefore(retrying.until()) ->
          new Wish(
              free(host, decided).limit(), new Reason.Retrying(retrying.why(), retrying.until()));
      case Standing.Retrying r -> free(host, decided);
      case Standing.HandsOff h -> free(host, decided);
      case Standing.Free f -> free(host, decided);
    };
  }

  private Wish free(Host host, Supplier<Wish> decided) {
    Optional<PowerRange> allowed = allowed();
    if (allowed.isEmpty()) {
      return new Wish(Optional.empty(), new Reason.Unwritable(whyNotAllowed()));
    }
    if (host.stopping()) {
      return new Wish(limits.original(), new Reason.Stopping());
    }
    if (host.paused()) {
      return new Wish(limits.original(), new Reason.Paused());
    }
    return tenure
        .wish(allowed.get(), KnownLimits.leasable(traits, allowed.get()), limits.current())
        .orElseGet(() -> fitted(decided.get(), allowed.get()));
  }

  /** Whether a policy decides about the card now, and not its state or an operator. */
  boolean followsPolicy(Host host) {
    return hindrance(host).isEmpty();
  }

  /** Why neither a policy nor a trial decides about the card now; empty when they do. */
  Optional<ProfileEvent.Reason> hindrance(Host host) {
    if (host.stopping() || host.paused()) {
      return Optional.of(ProfileEvent.Reason.CHASE_PAUSED);
    }
    if (standing.hindrance().isPresent()) {
      return standing.hindrance();
    }
    return allowed().isEmpty()
        ? Optional.of(ProfileEvent.Reason.WRITE_REFUSED)
        : Optional.of(ProfileEvent.Reason.LEASED).filter(why -> tenure.isHeld());
  }

  /** The card's case before a policy; only for a card that {@link #followsPolicy}. */
  Hearing hearing(Host host) {
    return new Hearing(
        host,
        allowed().orElseThrow(),
        profile,
        limits.current().map(limit -> new InForce(limit, changedAt)),
        changedAt.map(changed -> changed.plus(rules.minimumDwell())),
        limits::isAt);
  }

  /** What a policy decided, as it fits this card. */
  private Wish fitted(Wish decided, PowerRange allowed) {
    return decided.limit().isEmpty()
        ? new Wish(limits.original(), decided.reason())
        : new Wish(decided.limit().map(allowed::clamp), decided.reason(), decided.advice());
  }

  Judge judge() {
    return judge;
  }

  boolean hasProfile() {
    return profile.isPresent();
  }

  Optional<Watts> inForce() {
    return limits.current().filter(limits::isUnder);
  }

  boolean isUnder(Watts limit) {
    return limits.isUnder(limit);
  }

  Optional<Spent> spent(Instant at) {
    return readings.meter().at(at);
  }

  Optional<Advice> advice() {
    return wish.advice();
  }

  boolean hasAtLeast(Watts limit) {
    return limits
        .current()
        .filter(now -> now.value() > limit.value() - Order.ROUNDING_WATTS)
        .isPresent();
  }

  boolean isLost() {
    return standing instanceof Standing.Lost;
  }

  /** Why a limit could not be set on this card by hand; empty when it could. */
  Optional<String> whyNotWritable() {
    return standing
        .whyNotWritable()
        .or(() -> Optional.of(whyNotAllowed()).filter(why -> allowed().isEmpty()));
  }

  String whyNotAllowed() {
    return limits.whyNotAllowed(traits);
  }

  GpuView view() {
    return new GpuView(
        traits,
        limits.original(),
        allowed(),
        wish.limit(),
        wish.reason(),
        limits.shown(),
        pending.isPresent(),
        profile,
        readings.last(),
        readings.readAt(),
        readings.energy(),
        readings.rejected(),
        counts);
  }

  /** A line such as {@code GPU 0 (GPU-...)}, for messages. */
  String name() {
    return "GPU " + traits.index() + " (" + traits.id() + ")";
  }
}
