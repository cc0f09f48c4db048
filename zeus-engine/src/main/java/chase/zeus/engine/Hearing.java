package chase.zeus.engine;

import chase.zeus.gpu.PowerRange;
import chase.zeus.policy.InForce;
import chase.zeus.policy.PowerPolicy;
import chase.zeus.policy.Progress;
import chase.zeus.policy.Situation;
import chase.zeus.policy.Verdict;
import chase.zeus.profile.PowerProfile;
import chase.zeus.unit.Watts;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * One card's case before a policy.
 *
 * @param host what holds for all cards
 * @param allowed the limits that may be chosen
 * @param profile what the job draws and achieves, where known
 * @param current the limit that the card has, where known
 * @param dwellsUntil until when the last change must stay; empty when it need not
 * @param isThere whether the card has that limit
 */
record Hearing(
    HostState host,
    PowerRange allowed,
    Optional<PowerProfile> profile,
    Optional<InForce> current,
    Optional<Instant> dwellsUntil,
    Predicate<Watts> isThere) {

  /** The same case with the limits that all GPUs of a job may have. */
  Hearing withRange(PowerRange shared) {
    return new Hearing(host, shared, profile, current, dwellsUntil, isThere);
  }

  /** The same case for a job of which {@code own} is known, where something is. */
  Hearing withProfile(Optional<PowerProfile> own) {
    return new Hearing(host, allowed, own.or(() -> profile), current, dwellsUntil, isThere);
  }

  /** All that a policy may look at; the host's draw is in every draw. */
  Situation input(Optional<Progress> progress) {
    return new Situation(
        allowed,
        profile.map(known -> known.plus(host.power().perGpu())),
        host.outlook().filter(o -> o.trustedAt(host.at())),
        host.at(),
        progress.map(this::withHost),
        current);
  }

  private Progress withHost(Progress counted) {
    return new Progress(
        counted.since(),
        counted.asOf(),
        counted.done(),
        counted.remaining(),
        counted.deadline(),
        counted.rest().map(host.power()::addTo));
  }

  /** What {@code policy} decides; without a limit the one found is meant. */
  TargetLimit decide(PowerPolicy policy, Situation situation, PolicyCache judge) {
    return switch (judge.decide(policy, situation)) {
      case Verdict.Limit limit -> dwell(policy, limit.limit(), new Advice(false, limit.until()));
      case Verdict.Pause pause -> dwell(policy, pause.limit(), new Advice(true, pause.until()));
      case Verdict n when hasNoChoice() ->
          new TargetLimit(Optional.of(allowed.max()), new Reason.NoChoice());
      case Verdict.NeedsSignal n -> new TargetLimit(Optional.empty(), new Reason.NoSignal());
      case Verdict.NeedsProfile n -> new TargetLimit(Optional.empty(), new Reason.NoProfile());
    };
  }

  /** Whether one limit is all that may be set, so that nothing need be known to choose. */
  boolean hasNoChoice() {
    return allowed.min().sameLimitAs(allowed.max());
  }

  private TargetLimit dwell(PowerPolicy policy, Watts chosen, Advice advice) {
    Watts limit = allowed.clamp(Watts.ofMilliwatts(chosen.toMilliwatts()));
    boolean wait =
        dwellsUntil.filter(until -> host.at().isBefore(until)).isPresent() && !isThere.test(limit);
    return wait
        ? new TargetLimit(
            current.map(InForce::limit),
            new Reason.Dwelling(limit, dwellsUntil.get()),
            Optional.of(new Advice(advice.pause(), dwellsUntil)))
        : new TargetLimit(
            Optional.of(limit), new Reason.Chosen(bound(policy, limit)), Optional.of(advice));
  }

  private static Optional<Reason.Bound> bound(PowerPolicy policy, Watts limit) {
    return policy
        .constantLimit()
        .filter(wish -> !wish.sameLimitAs(limit))
        .map(wish -> new Reason.Bound(wish, limit));
  }
}
