package chase.zeus.engine;

import chase.zeus.engine.KeptState.OperatorPause;
import chase.zeus.policy.EnergyOutlook;
import chase.zeus.policy.PowerPolicy;
import java.time.Instant;
import java.util.Optional;

/**
 * What holds for all GPUs of the host at one moment.
 *
 * @param at the moment
 * @param configured the policy that the host has without anybody's choice
 * @param policy the host's policy
 * @param outlook what energy weighs, trusted or not; empty before the first signal
 * @param pause the operator's pause of the whole host, where there is one
 * @param stopping whether Chase stops
 * @param power what the host draws for each GPU
 */
record HostState(
    Instant at,
    PowerPolicy configured,
    PowerPolicy policy,
    Optional<EnergyOutlook> outlook,
    Optional<OperatorPause> pause,
    boolean stopping,
    HostPower power) {

  /** A host that has just started and has no signal yet. */
  static HostState starting(Instant at, PowerPolicy policy) {
    return new HostState(
        at, policy, policy, Optional.empty(), Optional.empty(), false, HostPower.NONE);
  }

  /** The host at {@code now}, when a pause may be over. */
  HostState withTime(Instant now) {
    return new HostState(
        now, configured, policy, outlook, pause.filter(held -> held.holdsAt(now)), stopping, power);
  }

  /** With the policy that was chosen; without one the configured policy counts. */
  HostState withChoice(Optional<PowerPolicy> chosen) {
    return new HostState(
        at, configured, chosen.orElse(configured), outlook, pause, stopping, power);
  }

  HostState withConfigured(PowerPolicy changed) {
    return new HostState(at, changed, policy, outlook, pause, stopping, power);
  }

  HostState withOutlook(EnergyOutlook latest) {
    return new HostState(at, configured, policy, Optional.of(latest), pause, stopping, power);
  }

  HostState withPause(Optional<OperatorPause> held) {
    return new HostState(at, configured, policy, outlook, held, stopping, power);
  }

  HostState withStopping() {
    return new HostState(at, configured, policy, outlook, pause, true, power);
  }

  HostState withPower(HostPower draw) {
    return new HostState(at, configured, policy, outlook, pause, stopping, draw);
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
    return pause.map(held -> new Reason.ChasePaused(held.until()));
  }
}
