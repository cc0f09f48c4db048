package chase.zeus.engine;

import chase.zeus.energy.EnergyMeter;
import chase.zeus.gpu.GpuId;
import chase.zeus.gpu.GpuTraits;
import chase.zeus.gpu.PowerRange;
import chase.zeus.policy.JobProgress;
import chase.zeus.policy.PolicyInput;
import chase.zeus.policy.PowerPolicy;
import chase.zeus.profile.PowerProfile;
import chase.zeus.profile.ProfilingEvent;
import chase.zeus.unit.Watts;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;

/** What the engine knows of one GPU, and what it wants of it. Used by the engine's thread only. */
final class GpuState {
  private final SafetyRules rules;
  private GpuTraits traits;
  private Optional<PowerProfile> profile;
  private final LimitTracker limits;
  private final PolicyCache policyCache = new PolicyCache();
  private final LimitWrites writes;
  private final LimitHold hold = new LimitHold();
  private GpuTelemetry telemetry;
  private Optional<JobProgress> progress = Optional.empty();
  private Optional<PowerPolicy> policy = Optional.empty();
  private TargetLimit target =
      new TargetLimit(Optional.empty(), new Reason.Unwritable("not decided yet"));

  GpuState(SafetyRules rules, Event.GpuOpened opened) {
    this.rules = rules;
    this.traits = opened.traits();
    this.profile = opened.profile();
    this.telemetry = GpuTelemetry.none(rules.freshness(), opened.at());
    this.limits = new LimitTracker(opened);
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
    telemetry = telemetry.reopened(opened.at());
    limits.reopened(opened);
    writes.reopened();
  }

  void read(Event.ReadingTaken taken) {
    telemetry = telemetry.after(taken, traits);
    taken.reading().limits().ifPresent(seen -> writes.observe(seen, taken.at()));
  }

  void applied(Event.LimitApplied applied) {
    boolean givenUp = writes.applied(applied, settable());
    if (givenUp && target.reason() instanceof Reason.Leased) {
      hold.failed(limits::shows);
    }
  }

  void failed(Event.LimitFailed failure) {
    boolean refused = writes.failed(failure);
    if (refused && target.reason() instanceof Reason.Leased) {
      hold.failed(this::isAt);
    }
  }

  void notRead(String why) {
    telemetry = telemetry.failed(why);
  }

  void lost(Event.GpuLost lost) {
    telemetry = telemetry.lost(lost);
    writes.lost(lost.why());
  }

  /** Somebody else changed what the card allows: what was refused before may be done now. */
  void changed(GpuTraits now) {
    traits = now;
    writes.forgiveRefusal();
  }

  void override(Watts limit, Instant until) {
    hold.override(limit, until);
    limits.retryGivenUp();
  }

  /** The policy decides again, at once: an operator's wish does not wait for the dwell. */
  void release() {
    hold.release();
    decideAtOnce();
  }

  /** An explicit request is tried, whatever kept Chase off the card. */
  void lease(Event.LeaseTaken taken) {
    hold.lease(taken);
    writes.resume();
  }

  void endLease() {
    hold.endLease();
    decideAtOnce();
  }

  LimitWrites writes() {
    return writes;
  }

  LimitHold hold() {
    return hold;
  }

  /** Somebody wants something else now, which does not wait for the dwell. */
  void decideAtOnce() {
    writes.decideAtOnce();
  }

  void progressed(Optional<JobProgress> counted) {
    progress = counted;
  }

  Optional<JobProgress> progress() {
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
  void decide(HostState host, Supplier<TargetLimit> decided) {
    target = targetLimit(host, decided);
  }

  /** Time passed: what ran out is forgotten. */
  void expire(Instant at) {
    if (hold.expire(at)) {
      decideAtOnce();
    }
    writes.expire(at);
  }

  /** The limits that Chase may set; empty when it may set none. */
  Optional<PowerRange> allowed() {
    return limits.allowed(traits, rules.floorRatio());
  }

  /** The order that brings the card to where it should be, if one is due. */
  Optional<Order> order(HostState host) {
    return target
        .limit()
        .filter(limit -> rules.mode() == SafetyRules.Mode.CONTROL)
        .flatMap(limit -> writes.order(limit, settable(), host.at()));
  }

  /** The limits that the card may have now: a lease goes below the floor. */
  private PowerRange settable() {
    Optional<PowerRange> allowed = allowed();
    if (allowed.isEmpty()) {
      return new PowerRange(Watts.ZERO, limits.original().orElse(Watts.ZERO));
    }
    return hold.lease().isPresent() && !hold.isOverridden()
        ? LimitTracker.leasable(traits, allowed.get())
        : allowed.get();
  }

  private boolean isAt(Watts limit) {
    return limits.isAt(limit, settable());
  }

  private TargetLimit targetLimit(HostState host, Supplier<TargetLimit> decided) {
    return switch (writes.state()) {
      case LimitWrites.WriteState.Unreachable lost ->
          new TargetLimit(Optional.empty(), new Reason.Lost(lost.why()));
      case LimitWrites.WriteState.WriteRefused refused ->
          new TargetLimit(limits.current(), new Reason.Refused(refused.why()));
      case LimitWrites.WriteState.ExternalLimit handsOff when !host.stopping() && !host.paused() ->
          new TargetLimit(
              limits.current(),
              new Reason.HandsOff(
                  handsOff.foreign(),
                  traits.defaultLimit().filter(handsOff.foreign()::sameLimitAs).isPresent(),
                  handsOff.until()));
      case LimitWrites.WriteState.RetryWait retrying when host.at().isBefore(retrying.until()) ->
          new TargetLimit(
              free(host, decided).limit(), new Reason.Retrying(retrying.why(), retrying.until()));
      case LimitWrites.WriteState.RetryWait r -> free(host, decided);
      case LimitWrites.WriteState.ExternalLimit h -> free(host, decided);
      case LimitWrites.WriteState.Ready f -> free(host, decided);
    };
  }

  private TargetLimit free(HostState host, Supplier<TargetLimit> decided) {
    Optional<PowerRange> allowed = allowed();
    if (allowed.isEmpty()) {
      return new TargetLimit(
          nearestOriginal().filter(own -> limits.isDisplaced()),
          new Reason.Unwritable(whyNotAllowed()));
    }
    if (host.stopping()) {
      return new TargetLimit(limits.original(), new Reason.ChaseStopping());
    }
    if (host.paused()) {
      return new TargetLimit(limits.original(), new Reason.ChasePaused());
    }
    return hold.target(
            allowed.get(), LimitTracker.leasable(traits, allowed.get()), limits.current())
        .orElseGet(() -> fitted(decided.get(), allowed.get()));
  }

  /** The original limit, or the nearest that the card accepts now. */
  private Optional<Watts> nearestOriginal() {
    return limits
        .original()
        .map(own -> traits.powerRange().map(range -> range.clamp(own)).orElse(own));
  }

  /** Whether a policy decides about the card now, and not its state or an operator. */
  boolean followsPolicy(HostState host) {
    return hindrance(host).isEmpty();
  }

  /** Why neither a policy nor a trial decides about the card now; empty when they do. */
  Optional<ProfilingEvent.AbortReason> hindrance(HostState host) {
    if (host.stopping() || host.paused()) {
      return Optional.of(ProfilingEvent.AbortReason.CHASE_PAUSED);
    }
    if (writes.state().hindrance().isPresent()) {
      return writes.state().hindrance();
    }
    return allowed().isEmpty()
        ? Optional.of(ProfilingEvent.AbortReason.WRITE_REFUSED)
        : Optional.of(ProfilingEvent.AbortReason.LEASED).filter(why -> hold.isHeld());
  }

  /** The card's case before a policy; only for a card that {@link #followsPolicy}. */
  GpuGroup.PolicyQuery policyQuery(HostState host) {
    return new GpuGroup.PolicyQuery(
        host,
        allowed().orElseThrow(),
        profile,
        limits.current().map(limit -> new PolicyInput.CurrentLimit(limit, writes.changedAt())),
        writes.changedAt().map(changed -> changed.plus(rules.minimumDwell())),
        this::isAt);
  }

  /** What a policy decided, as it fits this card. */
  private TargetLimit fitted(TargetLimit decided, PowerRange allowed) {
    return decided.limit().isEmpty()
        ? new TargetLimit(limits.original(), decided.reason())
        : new TargetLimit(decided.limit().map(allowed::clamp), decided.reason(), decided.advice());
  }

  PolicyCache policyCache() {
    return policyCache;
  }

  boolean hasProfile() {
    return profile.isPresent();
  }

  Optional<Watts> limitInForce() {
    return limits.current().filter(this::isUnder);
  }

  boolean isUnder(Watts limit) {
    return limits.isUnder(limit, settable());
  }

  Optional<EnergyMeter.EnergyUsed> energyUsed(Instant at) {
    return telemetry.meter().at(at);
  }

  Optional<JobView.Advice> advice() {
    return target.advice();
  }

  boolean hasAtLeast(Watts limit) {
    return limits
        .current()
        .filter(now -> now.value() > limit.value() - Order.ROUNDING_WATTS)
        .isPresent();
  }

  boolean isLost() {
    return writes.state() instanceof LimitWrites.WriteState.Unreachable;
  }

  /** Why a limit could not be set on this card by hand; empty when it could. */
  Optional<String> whyNotWritable() {
    return writes
        .state()
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
            target.limit(),
            reason(),
            limits.shown(),
            writes.isPending(),
            profile,
            telemetry.last(),
            telemetry.readAt(),
            telemetry.energy(),
            telemetry.meter().metered(),
            telemetry.rejected(),
            telemetry.contact(),
            writes.counts())
        .asOf(at);
  }

  /** A limit that the driver does not keep, however often it is asked, is a reason of its own. */
  private Reason reason() {
    return writes
        .givenUp(target.limit())
        .<Reason>map(write -> new Reason.WithoutEffect(write.text()))
        .orElse(target.reason());
  }

  /** A line such as {@code GPU 0 (GPU-...)}, for messages. */
  String name() {
    return "GPU " + traits.index() + " (" + traits.id() + ")";
  }
}
