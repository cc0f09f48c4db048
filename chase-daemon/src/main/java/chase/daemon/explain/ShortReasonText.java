package chase.daemon.explain;

import chase.zeus.engine.GpuView;
import chase.zeus.engine.Reason;
import chase.zeus.engine.Snapshot;
import chase.zeus.policy.EnergyOutlook;
import chase.zeus.profile.ProfilingState;
import java.util.Locale;

/** Says in a few words why a GPU is where it is. */
public final class ShortReasonText {
  private ShortReasonText() {}

  public static String of(GpuView gpu, Snapshot snapshot) {
    return switch (gpu.reason()) {
      case Reason.Chosen chosen ->
          policy(gpu, snapshot) + chosen.bound().map(bound -> " wants " + bound.text()).orElse("");
      case Reason.Dwelling r -> policy(gpu, snapshot);
      case Reason.Overridden overridden -> "held by an operator until " + overridden.until();
      case Reason.Leased leased -> leased.holder() + " drives it until " + leased.until();
      case Reason.ChasePaused r -> "Chase is paused";
      case Reason.NoSignal r -> "no signal to trust";
      case Reason.NoProfile r -> "no profile of this GPU";
      case Reason.NoChoice r -> "the only limit that Chase may set";
      case Reason.MeasuringFullSpeed measuring ->
          "full power until the speed of job " + measuring.job() + " there is known";
      case Reason.Profiling profiling -> profiling(profiling);
      case Reason.HandsOff handsOff -> handsOff.text();
      case Reason.Refused refused -> "writes were refused: " + refused.why();
      case Reason.Retrying retrying -> "a write failed: " + retrying.why();
      case Reason.WithoutEffect write -> write.text();
      case Reason.Unwritable unwritable -> "never written: " + unwritable.why();
      case Reason.Lost lost -> "lost: " + lost.why();
      case Reason.ChaseStopping r -> "Chase is stopping";
    };
  }

  private static String profiling(Reason.Profiling profiling) {
    return switch (profiling.state()) {
      case ProfilingState.Waiting waiting ->
          "full power until job " + profiling.job() + " can afford to try " + waiting.limit();
      case ProfilingState.Settling s -> "job " + profiling.job() + " is being measured there";
      case ProfilingState.Measuring m -> "job " + profiling.job() + " is being measured there";
      case ProfilingState.Silent s -> "job " + profiling.job() + " does nothing";
      case ProfilingState.Done d -> "job " + profiling.job() + " was measured";
      case ProfilingState.Aborted a -> "measuring job " + profiling.job() + " ended early";
    };
  }

  private static String policy(GpuView gpu, Snapshot snapshot) {
    return "policy " + snapshot.policyOn(gpu.traits().id()).spec() + signal(snapshot);
  }

  private static String signal(Snapshot snapshot) {
    return snapshot
        .outlook()
        .filter(outlook -> outlook.trustedAt(snapshot.at()))
        .map(outlook -> weight(outlook, snapshot))
        .orElse("");
  }

  private static String weight(EnergyOutlook outlook, Snapshot snapshot) {
    double weight = outlook.weightAt(snapshot.at());
    return outlook.unit().isEmpty()
        ? String.format(
            Locale.ROOT, " at %.0f %% of the reference", 100 * weight / outlook.reference())
        : String.format(Locale.ROOT, " at %.0f %s", weight, outlook.unit());
  }
}
