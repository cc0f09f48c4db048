package chase.daemon.explain;

import chase.zeus.engine.GpuView;
import chase.zeus.engine.Reason;
import chase.zeus.gpu.PowerLimits;
import java.util.Optional;

/** What keeps a GPU at another limit than that of its lease, in words for the lease's holder. */
public final class HoldText {
  private HoldText() {}

  /** A clause; empty when nothing does. */
  public static Optional<String> of(GpuView gpu) {
    return switch (gpu.reason()) {
      case Reason.Overridden held ->
          Optional.of(
              "an operator holds it at %s until %s"
                  .formatted(limit(gpu), ReasonText.time(held.until())));
      case Reason.ChasePaused p ->
          Optional.of("an operator paused Chase: it stays at " + limit(gpu));
      case Reason.PausedGpu p -> Optional.of("an operator paused it: it stays at " + limit(gpu));
      case Reason.HandsOff held ->
          Optional.of(
              "an external process set %s, which stays until %s"
                  .formatted(held.foreign(), ReasonText.time(held.until())));
      case Reason.Retrying retrying ->
          Optional.of(
              "the write failed (%s) and is tried again; it is at %s"
                  .formatted(retrying.why(), limit(gpu)));
      case Reason.Refused refused -> Optional.of("writes were refused: " + refused.why());
      case Reason.Unwritable never -> Optional.of("it is never written: " + never.why());
      case Reason.Lost lost -> Optional.of("it is lost: " + lost.why());
      case Reason.ChaseStopping s -> Optional.of("Chase is stopping");
      case Reason.WithoutEffect write -> Optional.of(write.text());
      case Reason.Leased l ->
          gpu.limitKeptByDriver().map(kept -> "its driver made " + kept + " of " + limit(gpu));
      case Reason.Chosen c -> Optional.empty();
      case Reason.WritesSpent w -> Optional.empty();
      case Reason.SlowedByHardware s -> Optional.empty();
      case Reason.Dwelling d -> Optional.empty();
      case Reason.NoSignal n -> Optional.empty();
      case Reason.NoProfile n -> Optional.empty();
      case Reason.NoChoice n -> Optional.empty();
      case Reason.MeasuringFullSpeed m -> Optional.empty();
      case Reason.Profiling p -> Optional.empty();
    };
  }

  private static String limit(GpuView gpu) {
    return gpu.target()
        .or(() -> gpu.limits().map(PowerLimits::requested))
        .map(Object::toString)
        .orElse("its limit");
  }
}
