package chase.daemon.gpu;

import chase.zeus.gpu.GpuId;
import java.lang.System.Logger.Level;

/**
 * The outcome of restoring one GPU's entry in a journal.
 *
 * @param gpu the GPU
 * @param kind what was done
 * @param line one line for the log and the user
 */
public record RestoreOutcome(GpuId gpu, RestoreResult kind, String line) {
  /** What was done. */
  public enum RestoreResult {
    /** The original limit, or setting, is restored. */
    RESTORED,
    /** The GPU had its original limit already. */
    UNTOUCHED,
    /** The GPU has a limit that Chase did not set; it stays. */
    FOREIGN,
    /** The GPU is not there; its entry stays. */
    ABSENT,
    /** It could not be restored; the entry stays. */
    FAILED,
    /** It could not be restored without permission, which no retry gives. */
    FORBIDDEN,
    /** The original limit is lost; the line says what a person can do. */
    UNKNOWN,
    /** What users changed is lost, which keeps no daemon from starting. */
    UNKNOWN_SETTINGS
  }

  /** Whether nothing of Chase is left on the GPU. */
  public boolean isDone() {
    return switch (kind) {
      case RESTORED, UNTOUCHED, FOREIGN -> true;
      case ABSENT, FAILED, FORBIDDEN, UNKNOWN, UNKNOWN_SETTINGS -> false;
    };
  }

  /** The level of its line in the log. */
  public Level level() {
    return switch (kind) {
      case RESTORED, UNTOUCHED -> Level.INFO;
      case FOREIGN, ABSENT, FAILED, FORBIDDEN, UNKNOWN, UNKNOWN_SETTINGS -> Level.WARNING;
    };
  }

  /** The same, because permission is missing. */
  RestoreOutcome forbidden() {
    return new RestoreOutcome(gpu, RestoreResult.FORBIDDEN, line);
  }

  /** Whether a retry may succeed. */
  boolean isRetryable() {
    return kind == RestoreResult.FAILED;
  }
}
