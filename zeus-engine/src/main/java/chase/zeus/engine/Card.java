package chase.zeus.engine;

import chase.zeus.gpu.GpuId;
import chase.zeus.gpu.GpuTraits;
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
  private final LimitWrites writes;
  private final Tenure tenure = new Tenure();
  private CardReadings readings;
  private Optional<Progress> progress = Optional.empty();
  private Optional<PowerPolicy> policy = Optional.empty();
  private Wish wish = new Wish(Optional.empty(), new Reason.Unwritable("not decided yet"));

  Card(Rules rules, Event.GpuOpened opened) {
    this.rules = rules;
    this.traits = opened.traits();
    this.profile = opened.profile();
    this.readings = CardReadings.none(rules.freshness(), opened.at());
    this.limits = new KnownLimits(opened);
    this.writes = new LimitWrites(traits.id(), rules, limits);
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
    readings = readings.reopened(opened.at());
    limits.foundAnew(opened);
    writes.reopened();
  }

  void read(Event.ReadingTaken taken) {
    readings = readings.after(taken, traits);
    taken.reading().limits().ifPresent(seen -> writes.see(seen, taken.at()));
  }

  void applied(Event.LimitApplied applied) {
    boolean givenUp = writes.applied(applied, settable());
    if (givenUp && wish.reason() instanceof Reason.Leased) {
      tenure.failed(limits::shows);
    }
  }

  void failed(Event.LimitFailed failure) {
    boolean refused = writes.failed(failure);
    if (refused && wish.reason() instanceof Reason.Leased) {
      tenure.failed(this::isAt);
    }
  }

  void notRead(String why) {
    readings = readings.failed(why);
  }

  void lost(Event.GpuLost lost) {
    readings = readings.lost(lost);
    writes.lost(lost.why());
  }

  /** Somebody else changed what the card allows: what was refused before may be done now. */
  void changed(GpuTraits now) {
    traits = now;
    writes.forgiveRefusal();
  }

  void override(Watts limit, Instant until) {
    tenure.override(limit, until);
    limits.askAgain();
  }

  /** The policy decides again, at once: an operator's wish does not wait for the dwell. */
  void release() {
    tenure.release();
    decideAtOnce();
  }

  /** An explicit request is tried, whatever kept Chase off the card. */
  void lease(Event.LeaseTaken taken) {
    tenure.lease(taken);
    writes.resume();
  }

  void endLease() {
    tenure.endLease();
    decideAtOnce();
  }

  LimitWrites writes() {
    return writes;
  }

  Tenure tenure() {
    return tenure;
  }

  /** Somebody wants something else now, which does not wait for the dwell. */
  void decideAtOnce() {
    writes.decideAtOnce();
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
    writes.settle(at);
  }

  /** The limits that Chase may set; empty when it may set none. */
  Optional<PowerRange> allowed() {
    return limits.allowed(traits, rules.floorRatio());
  }

  /** The order that brings the card to where it should be, if one is due. */
  Optional<Order> order(Host host) {
    return wish.limit()
        .filter(limit -> rules.mode() == Mode.CONTROL)
        .flatMap(limit -> writes.order(limit, settable(), host.at()));
  }

  /** The limits that the card may have now: a lease goes below the floor. */
  private PowerRange settable() {
    Optional<PowerRange> allowed = allowed();
    if (allowed.isEmpty()) {
      return new PowerRange(Watts.ZERO, limits.original().orElse(Watts.ZERO));
    }
    return tenure.lease().isPresent() && !tenure.isOverridden()
        ? KnownLimits.leasable(traits, allowed.get())
        : allowed.get();
  }

  private boolean isAt(Watts limit) {
    return limits.isAt(limit, settable());
  }

  private Wish wish(Host host, Supplier<Wish> decided) {
    return switch (writes.standing()) {
      case Standing.Lost lost -> new Wish(Optional.empty(), new Reason.Lost(lost.why()));
      case Standing.Refused refused ->
          new Wish(limits.current(), new Reason.Refused(refused.why()));
      case Standing.HandsOff handsOff when !host.stopping() && !host.paused() ->
          new Wish(
              limits.current(),
              new Reason.HandsOff(
                  handsOff.foreign(),
                  traits.defaultLimit().filter(handsOff.foreign()::sameLimitAs).isPresent(),
                  handsOff.until()));
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
      return new Wish(
          nearestOriginal().filter(own -> limits.isDisplaced()),
          new Reason.Unwritable(whyNotAllowed()));
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

  /** The original limit, or the nearest that the card accepts now. */
  private Optional<Watts> nearestOriginal() {
    return limits
        .original()
        .map(own -> traits.powerRange().map(range -> range.clamp(own)).orElse(own));
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
    if (writes.standing().hindrance().isPresent()) {
      return writes.standing().hindrance();
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
        limits.current().map(limit -> new InForce(limit, writes.changedAt())),
        writes.changedAt().map(changed -> changed.plus(rules.minimumDwell())),
        this::isAt);
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
    return limits.current().filter(this::isUnder);
  }

  boolean isUnder(Watts limit) {
    return limits.isUnder(limit, settable());
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
    return writes.standing() instanceof Standing.Lost;
  }

  /** Why a limit could not be set on this card by hand; empty when it could. */
  Optional<String> whyNotWritable() {
    return writes
        .standing()
        .whyNotWritable()
        .or(() -> Optional.of(whyNotAllowed()).filter(why -> allowed().isEmpty()));
  }

  String whyNotAllowed() {
    return limits.whyNotAllowed(traits);
  }

  GpuView view(Instant at) {
    return new GpuView(
            traits,
            limits.original(),
            allowed(),
            wish.limit(),
            reason(),
            limits.shown(),
            writes.isPending(),
            profile,
            readings.last(),
            readings.readAt(),
            readings.energy(),
            readings.meter().metered(),
            readings.rejected(),
            readings.contact(),
            writes.counts())
        .asOf(at);
  }

  /** A limit that the driver does not keep, however often it is asked, is a reason of its own. */
  private Reason reason() {
    return writes
        .givenUp(wish.limit())
        .<Reason>map(write -> new Reason.WithoutEffect(write.words()))
        .orElse(wish.reason());
  }

  /** A line such as {@code GPU 0 (GPU-...)}, for messages. */
  String name() {
    return "GPU " + traits.index() + " (" + traits.id() + ")";
  }
}
