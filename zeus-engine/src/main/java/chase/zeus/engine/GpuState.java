package chase.zeus.engine;

import chase.zeus.energy.EnergyMeter.EnergyUsed;
import chase.zeus.engine.JobView.PauseAdvice;
import chase.zeus.engine.LimitHold.TargetLimit;
import chase.zeus.gpu.GpuId;
import chase.zeus.gpu.GpuTraits;
import chase.zeus.gpu.PowerRange;
import chase.zeus.policy.JobProgress;
import chase.zeus.policy.PolicyInput.CurrentLimit;
import chase.zeus.policy.PowerPolicy;
import chase.zeus.profile.PowerProfile;
import chase.zeus.profile.ProfilingEvent.AbortReason;
import chase.zeus.unit.Watts;
import chase.zeus.writes.RaiseSlew;
import chase.zeus.writes.ReadBacks;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What the engine knows of one GPU, and the limit that it wants there. Used by the engine's thread
 * only.
 */
final class GpuState {
  private SafetyRules rules;
  private final LimitTracker limits;
  private final LimitWrites writes;
  private final LimitHold hold = new LimitHold();
  private final PolicyCache policyCache = new PolicyCache();
  private GpuTraits traits;
  private Optional<PowerProfile> profile;
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

  void apply(SafetyRules changed) {
    rules = changed;
    writes.apply(changed);
    telemetry = telemetry.goodFor(changed.freshness());
  }

  void handle(Event.GpuEvent event) {
    switch (event) {
      case Event.GpuOpened opened -> reopen(opened);
      case Event.GpuLost lost -> {
        telemetry = telemetry.lost(lost);
        writes.lost(lost);
      }
      case Event.TraitsChanged changed -> {
        traits = changed.traits();
        writes.forgiveRefusal(); // what was refused before may be accepted now
      }
      case Event.ReadingTaken taken -> {
        telemetry = telemetry.after(taken, traits);
        taken.reading().limits().ifPresent(seen -> writes.observe(seen, taken.at()));
      }
      case Event.ReadingFailed failed -> telemetry = telemetry.failed(failed.why());
      case Event.LimitApplied applied -> onApplied(applied);
      case Event.LimitFailed failure -> onFailed(failure);
      case Event.ForeignLimitFound foreign -> writes.adopt(foreign.found(), foreign.at());
      case Event.WorkReported work -> progress = Optional.of(work.progress());
      case Event.OverrideSet set -> {
        hold.override(set);
        limits.retryGivenUp();
      }
      case Event.OverrideReleased r -> {
        hold.release();
        decideAtOnce();
      }
      case Event.GpuPaused paused -> hold.pause(paused);
      case Event.GpuResumed r -> resume();
      case Event.LeaseTaken taken -> {
        hold.lease(taken);
        writes.retryForLease();
      }
      case Event.LeaseEnded e -> {
        hold.endLease();
        decideAtOnce();
      }
    }
  }

  /** The driver came back. */
  private void reopen(Event.GpuOpened opened) {
    traits = opened.traits();
    profile = opened.profile();
    telemetry = telemetry.reopened(opened.at());
    limits.reopened(opened);
    writes.reopened(opened.at());
  }

  private void onApplied(Event.LimitApplied applied) {
    boolean givenUp = writes.applied(applied, settable());
    if (givenUp && target.reason() instanceof Reason.Leased) {
      hold.failed(limits::shows);
    }
  }

  private void onFailed(Event.LimitFailed failure) {
    boolean refused = writes.failed(failure);
    if (refused && target.reason() instanceof Reason.Leased) {
      hold.failed(this::isAt);
    }
  }

  /** Whatever kept Chase off this GPU is forgotten. */
  void resume() {
    hold.resume();
    writes.resume();
  }

  /** Chase stops: the original limit is written at once, also where it was refused before. */
  void stop(Instant at) {
    writes.stopping(at);
  }

  /** The next change of the limit does not wait for the minimum dwell. */
  void decideAtOnce() {
    writes.decideAtOnce();
  }

  /** Gives the GPU a policy of its own; empty for the host's. */
  void choose(Optional<PowerPolicy> chosen) {
    policy = chosen;
  }

  /** Drops what ran out by {@code at}. */
  void expire(Instant at) {
    if (hold.expire(at)) {
      decideAtOnce();
    }
    writes.expire(at);
  }

  /** Decides by the GPU's own policy, where no job runs that is known. */
  void decideAlone(HostState host) {
    decide(
        host,
        () -> {
          GpuGroup.PolicyQuery query = policyQuery(host);
          return query.decide(
              policy.orElse(host.policy()), query.input(progress, policyCache), policyCache);
        });
  }

  /**
   * Decides what the GPU should have; {@link #order} and {@link #view} follow it.
   *
   * @param byPolicy what a policy wants, called only if the GPU {@link #followsPolicy}; without a
   *     limit the original limit is meant
   */
  void decide(HostState host, Supplier<TargetLimit> byPolicy) {
    target =
        writes
            .state()
            .forcedTarget(restoring(host).isPresent(), traits, limits.current())
            .orElseGet(() -> writes.state().delayed(writableTarget(host, byPolicy), host.at()));
  }

  private TargetLimit writableTarget(HostState host, Supplier<TargetLimit> byPolicy) {
    Optional<PowerRange> allowed = allowed();
    if (allowed.isEmpty()) {
      return new TargetLimit(
          limits.nearestOriginal(traits).filter(own -> limits.isDisplaced()),
          new Reason.Unwritable(whyNotAllowed()));
    }
    return restoring(host)
        .map(reason -> new TargetLimit(limits.original(), reason))
        .or(() ->
            hold.target(
                allowed.get(), LimitTracker.leasable(traits, allowed.get()), limits.current()))
        .orElseGet(() -> within(allowed.get(), byPolicy.get()));
  }

  /** A policy's decision, as this GPU may have it. */
  private TargetLimit within(PowerRange allowed, TargetLimit decided) {
    return decided.limit().isEmpty()
        ? new TargetLimit(limits.original(), decided.reason())
        : new TargetLimit(decided.limit().map(allowed::clamp), decided.reason(), decided.advice());
  }

  /** Whether a policy decides about the GPU now, and not its state, an operator or a lease. */
  boolean followsPolicy(HostState host) {
    return hindrance(host).isEmpty();
  }

  /** Why neither a policy nor profiling decides about the GPU now; empty when they may. */
  Optional<AbortReason> hindrance(HostState host) {
    if (restoring(host).isPresent()) {
      return Optional.of(AbortReason.CHASE_PAUSED);
    }
    if (writes.state().hindrance().isPresent()) {
      return writes.state().hindrance();
    }
    return allowed().isEmpty()
        ? Optional.of(AbortReason.WRITE_REFUSED)
        : Optional.of(AbortReason.LEASED).filter(why -> hold.isHeld());
  }

  /** The same for profiling alone, whose limits take writes that the hour may not have. */
  Optional<AbortReason> hindranceToTrial(HostState host) {
    return hindrance(host)
        .or(() -> Optional.of(AbortReason.WRITE_REFUSED).filter(w -> writes.isSpent(host.at())));
  }

  /** Why the original limit is restored instead of deciding; empty while Chase decides. */
  private Optional<Reason> restoring(HostState host) {
    return host.restoring()
        .or(() -> hold.pause().map(paused -> new Reason.PausedGpu(paused.until())));
  }

  /** What to put before a policy; only for a GPU that {@link #followsPolicy}. */
  GpuGroup.PolicyQuery policyQuery(HostState host) {
    return new GpuGroup.PolicyQuery(
        host,
        allowed().orElseThrow(),
        profile,
        limits.current().map(limit -> new CurrentLimit(limit, writes.changedAt())),
        writes.changedAt().map(changed -> changed.plus(rules.minimumDwell())),
        this::isAt);
  }

  /** The order that brings the GPU to its target, or nearer to it, if one is due. */
  Optional<Order> order(HostState host, RaiseSlew slew) {
    return writes.order(target, settable(), telemetry, slew, host.at());
  }

  /** By how many watts the limit rises once the original is restored. */
  double wattsToRestore() {
    return limits.wattsToRestore();
  }

  /** The limits that Chase may set; empty when it may set none. */
  Optional<PowerRange> allowed() {
    return limits.allowed(traits, rules.floorRatio());
  }

  /** Why {@link #allowed} is empty. */
  String whyNotAllowed() {
    return limits.whyNotAllowed(traits);
  }

  /** Why no operator can set a limit on this GPU; empty when one can. */
  Optional<String> whyNotWritable() {
    return writes
        .state()
        .whyNotWritable()
        .or(() -> Optional.of(whyNotAllowed()).filter(why -> allowed().isEmpty()));
  }

  private PowerRange settable() {
    boolean leased = hold.lease().isPresent() && !hold.isOverridden();
    return limits.settable(traits, rules.floorRatio(), leased);
  }

  private boolean isAt(Watts limit) {
    return limits.isAt(limit, settable());
  }

  /** Whether the GPU is at {@code limit} and nothing else, such as a ceiling, holds it lower. */
  boolean isUnder(Watts limit) {
    return limits.isUnder(limit, settable());
  }

  /** The limit that the GPU runs under; empty while something else holds it lower. */
  Optional<Watts> limitInForce() {
    return limits.current().filter(this::isUnder);
  }

  boolean hasAtLeast(Watts limit) {
    return limits
        .current()
        .filter(now -> now.value() > limit.value() - ReadBacks.ROUNDING_WATTS)
        .isPresent();
  }

  Optional<String> whyLost() {
    return writes.state().whyLost();
  }

  boolean hasProfile() {
    return profile.isPresent();
  }

  GpuId id() {
    return traits.id();
  }

  GpuTraits traits() {
    return traits;
  }

  /** A name such as {@code GPU 0 (GPU-...)}, for messages. */
  String name() {
    return "GPU " + traits.index() + " (" + traits.id() + ")";
  }

  /** The GPU's own policy; empty where the host's decides. */
  Optional<PowerPolicy> policy() {
    return policy;
  }

  /** What holds its limit against the policy. */
  LimitHold hold() {
    return hold;
  }

  Optional<PauseAdvice> advice() {
    return target.advice();
  }

  /** The energy that the GPU used by {@code at}; empty while that is not known. */
  Optional<EnergyUsed> energyUsed(Instant at) {
    return telemetry.meter().at(at);
  }

  GpuView view(Instant at) {
    return new GpuView(
            traits,
            limits.original(),
            allowed(),
            target.limit(),
            writes.reason(target, telemetry.slowdowns(at)),
            limits.shown(),
            writes.isPending(),
            profile,
            telemetry.last(),
            telemetry.readAt(),
            telemetry.energy(),
            telemetry.meter().metered(),
            telemetry.rejected(),
            telemetry.contact(),
            writes.counts(at))
        .asOf(at);
  }
}
