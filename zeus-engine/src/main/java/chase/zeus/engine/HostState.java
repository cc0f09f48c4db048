package chase.zeus.engine;

import chase.zeus.policy.EnergyOutlook;
import chase.zeus.policy.PowerPolicy;
import java.time.Instant;
import java.util.Optional;

/**
 * What holds for all GPUs of the host at one moment.
 *
 * @param at the moment
 * @param policy the host's policy
 * @param outlook what energy weighs, trusted or not; empty before the first signal
 * @param paused whether an operator paused Chase
 * @param stopping whether Chase stops
 * @param power what the host draws for each GPU
 */
record HostState(
    Instant at,
    PowerPolicy policy,
    Optional<EnergyOutlook> outlook,
    boolean paused,
    boolean stopping,
    HostPower power) {

  /** A host that has just started and has no signal yet. */
  static HostState starting(Instant at, PowerPolicy policy) {
    return new HostState(at, policy, Optional.empty(), false, false, HostPower.NONE);
  }

  HostState withTime(Instant now) {
    return new HostState(now, policy, outlook, paused, stopping, power);
  }

  HostState withPolicy(PowerPolicy chosen) {
    return new HostState(at, chosen, outlook, paused, stopping, power);
  }

  HostState withOutlook(EnergyOutlook latest) {
    return new HostState(at, policy, Optional.of(latest), paused, stopping, power);
  }

  HostState withPaused(boolean pause) {
    return new HostState(at, policy, outlook, pause, stopping, power);
  }

  HostState withStopping() {
    return new HostState(at, policy, outlook, paused, true, power);
  }

  HostState withPower(HostPower draw) {
    return new HostState(at, policy, outlook, paused, stopping, draw);
  }

  /** The outlook, unless it is too old to be trusted. */
  Optional<EnergyOutlook> trustedOutlook() {
    return outlook.filter(known -> known.trustedAt(at));
  }

  /** Why Chase restores all original limits instead of deciding; empty while it decides. */
  Optional<Reason> restoring() {
    if (stopping) {
      return Optional.of(new Reason.ChaseStopping());
    }
    return paused ? Optional.of(new Reason.ChasePaused()) : Optional.empty();
  }
}
