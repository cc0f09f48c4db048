package chase.zeus.engine;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * A job that runs no longer.
 *
 * @param id its name on this host
 * @param name what people called it
 * @param at when it ended
 * @param cause why it ended
 */
public record EndedJob(JobId id, String name, Instant at, EndCause cause) {
  /** Why a job ended. */
  public enum EndCause {
    /** It said so. */
    REPORTED,
    /** It said nothing for too long. */
    SILENT,
    /** Its process ended and left it behind. */
    PROCESS_GONE,
    /** The same job began anew, after its process had been killed. */
    REPLACED
  }

  /** A line such as {@code job a1 (resnet) ended at 2026-11-23T12:00:00Z}. */
  public String text() {
    String ended =
        switch (cause) {
          case REPORTED -> "ended at ";
          case SILENT -> "said nothing for too long and so ended at ";
          case PROCESS_GONE -> "ended with its process at ";
          case REPLACED -> "was taken over by a later run at ";
        };
    return "job " + id + " (" + name + ") " + ended + at.truncatedTo(ChronoUnit.SECONDS);
  }
}
