package chase.daemon.events;

import chase.zeus.gpu.GpuId;
import chase.zeus.unit.Watts;
import java.time.Instant;
import java.util.Optional;

/**
 * One thing that happened and that a person may want to read.
 *
 * @param gpu the GPU that it is about, empty for the host
 * @param from the limit before, where one changed
 * @param to the limit after, where one changed
 * @param text one readable sentence
 */
public record Notification(
    Instant at,
    NotificationKind kind,
    Optional<GpuId> gpu,
    Optional<Watts> from,
    Optional<Watts> to,
    String text) {
  /** A notification about no change of a limit. */
  public static Notification of(
      Instant at, NotificationKind kind, Optional<GpuId> gpu, String text) {
    return new Notification(at, kind, gpu, Optional.empty(), Optional.empty(), text);
  }

  /** What kinds of things happen. */
  public enum NotificationKind {
    /** The grid's signal changed, came or went. */
    SIGNAL,
    /** A limit was set. */
    LIMIT,
    /** A limit was not set. */
    FAILURE,
    /** An external process set a limit. */
    FOREIGN,
    /** A GPU came or went. */
    GPU,
    /** A command of an operator: policy, override, pause; or a lease. */
    COMMAND,
    /** A job came, went, or should pause or go on. */
    JOB,
    /** The configuration was read again, or refused. */
    CONFIG
  }
}
