package chase.daemon.zeusd;

import chase.daemon.events.CommandFailed;
import chase.daemon.events.CommandRefused;
import chase.zeus.engine.GpuView;
import chase.zeus.engine.Reason;
import chase.zeus.gpu.GpuException;
import chase.zeus.gpu.PowerLimits;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * Why Chase keeps a GPU from what a client asked for, although the request is right and the card
 * says nothing against it. Zeus's library lets a training die at every error, so that such a
 * request is answered as done, with this beside it.
 */
final class WriteHold {
  private WriteHold() {}

  /** What keeps a GPU at another limit than that of its lease; empty when nothing does. */
  static Optional<String> of(GpuView gpu) {
    return switch (gpu.reason()) {
      case Reason.Overridden held ->
          Optional.of(
              "an operator holds it at %s until %s"
                  .formatted(limit(gpu), held.until().truncatedTo(ChronoUnit.SECONDS)));
      case Reason.ChasePaused p ->
          Optional.of("an operator paused Chase: it stays at " + limit(gpu));
      case Reason.HandsOff held ->
          Optional.of(
              "an external process set %s, which stays until %s"
                  .formatted(held.foreign(), held.until().truncatedTo(ChronoUnit.SECONDS)));
      case Reason.Retrying retrying ->
          Optional.of(
              "the write failed (%s) and is tried again; it is at %s"
                  .formatted(retrying.why(), limit(gpu)));
      case Reason.Refused refused -> Optional.of("writes were refused: " + refused.why());
      case Reason.Unwritable never -> Optional.of("it is never written: " + never.why());
      case Reason.Lost lost -> Optional.of("it is lost: " + lost.why());
      case Reason.ChaseStopping s -> Optional.of("Chase is stopping");
      case Reason.WithoutEffect write -> Optional.of(write.text());
      case Reason.Leased l -> rounded(gpu);
      case Reason.Chosen c -> Optional.empty();
      case Reason.Dwelling d -> Optional.empty();
      case Reason.NoSignal n -> Optional.empty();
      case Reason.NoProfile n -> Optional.empty();
      case Reason.NoChoice n -> Optional.empty();
      case Reason.MeasuringFullSpeed m -> Optional.empty();
      case Reason.Profiling p -> Optional.empty();
    };
  }

  /** What the driver made of a limit that it carried out. */
  private static Optional<String> rounded(GpuView gpu) {
    return gpu.limitKeptByDriver().map(kept -> "its driver made " + kept + " of " + limit(gpu));
  }

  private static String limit(GpuView gpu) {
    return gpu.target()
        .or(() -> gpu.limits().map(PowerLimits::requested))
        .map(Object::toString)
        .orElse("its limit");
  }

  /**
   * Why Chase did not do what was asked; empty where the request is wrong or the card said no,
   * which zeusd answers with an error too.
   */
  static Optional<String> of(Throwable trouble) {
    return Optional.of(trouble)
        .filter(WriteHold::isOurs)
        .map(ours -> String.valueOf(ours.getMessage()));
  }

  private static boolean isOurs(Throwable trouble) {
    return switch (trouble) {
      case CommandRefused refused ->
          switch (refused.refusal().cause()) {
            case CONFLICT, NOT_WRITABLE -> true;
            case UNKNOWN_GPU, UNKNOWN_JOB, JOB_ENDED, OUT_OF_RANGE -> false;
          };
      case CommandFailed failed -> !failed.refused();
      case GpuException e -> e.kind() != GpuException.Kind.REFUSED;
      case IllegalArgumentException e -> false;
      default -> true;
    };
  }

  /** Whether neither the request nor the card nor an operator explains it. */
  static boolean isBug(Throwable trouble) {
    return !(trouble instanceof CommandRefused
        || trouble instanceof CommandFailed
        || trouble instanceof GpuException
        || trouble instanceof IllegalArgumentException);
  }
}
