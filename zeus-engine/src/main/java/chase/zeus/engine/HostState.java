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
 * @param outlook what energy weighs, trusted or not
 * @param paused whether an operator paused Chase
 * @param stopping whether Chase is going
 * @param power what the host draws for each GPU
 */
record HostState(
    Instant at,
    PowerPolicy policy,
    Optional<EnergyOutlook> outlook,
    boolean paused,
    boolean stopping,
    HostPower power) {

  /** The host after {@code event}, as far as it concerns all GPUs. */
  HostState after(Event event) {
    Instant now = event.at();
    return switch (event) {
      case Event.OutlookChanged changed ->
          new HostState(now, policy, Optional.of(changed.outlook()), paused, stopping, power);
      case Event.HostPowerChanged told ->
          new HostState(now, policy, outlook, paused, stopping, told.power());
      case Event.PolicyChosen chosen when chosen.scope() instanceof PolicyScope.WholeHost ->
          new HostState(now, chosen.policy(), outlook, paused, stopping, power);
      case Event.PolicyChosen e -> passed(now);
      case Event.PolicyCleared e -> passed(now);
      case Event.JobStarted e -> passed(now);
      case Event.StepsReported e -> passed(now);
      case Event.Paused p -> new HostState(now, policy, outlook, true, stopping, power);
      case Event.Resumed r -> new HostState(now, policy, outlook, false, stopping, power);
      case Event.Stopping s -> new HostState(now, policy, outlook, paused, true, power);
      case Event.GpuOpened e -> passed(now);
      case Event.GpuLost e -> passed(now);
      case Event.TraitsChanged e -> passed(now);
      case Event.ReadingTaken e -> passed(now);
      case Event.ReadingFailed e -> passed(now);
      case Event.LimitApplied e -> passed(now);
      case Event.LimitFailed e -> passed(now);
      case Event.ForeignLimitFound e -> passed(now);
      case Event.TimePassed e -> passed(now);
      case Event.ProfileLoaded e -> passed(now);
      case Event.WorkReported e -> passed(now);
      case Event.JobEnded e -> passed(now);
      case Event.OverrideSet e -> passed(now);
      case Event.OverrideReleased e -> passed(now);
      case Event.LeaseTaken e -> passed(now);
      case Event.LeaseEnded e -> passed(now);
    };
  }

  private HostState passed(Instant now) {
    return new HostState(now, policy, outlook, paused, stopping, power);
  }
}
