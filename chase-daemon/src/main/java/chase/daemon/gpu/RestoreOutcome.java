package chase.daemon.gpu;

import chase.zeus.gpu.GpuId;
import java.lang.System.Logger.Level;

/**
 * What became of one GPU's entry in the journal.
 *
 * @param gpu the GPU
 * @param kind what was done
 * @param line what a person may read about it
 */
public record RestoreOutcome(GpuId gpu, Kind kind, String line) {
  /** What was done. */
  public enum Kind {
    /** The original limit is back. */
    RESTORED,
    /** The original limit was there already. */
    UNTOUCHED,
    /** Another limit is there that Chase did not set; it stays. */
    FOREIGN,
    /** The GPU is not there; its entry stays. */
    ABSENT,
    /** The limit could not be put back; the entry stays. */
    FAILED,
    /** The same for want of the right to set it, which trying again does not give. */
    FORBIDDEN,
    /** The original limit is not known any more; a person is told what to do. */
    UNKNOWN,
    /** What users turned is not known any more, which keeps no daemon from starting. */
    UNKNOWN_SETTINGS
  }

  /** Whether nothing of ours is left on the GPU. */
  public boolean isDone() {
    return switch (kind) {
      case RESTORED, UNTOUCHED, FOREIGN -> true;
      case ABSENT, FAILED, FORBIDDEN, UNKNOWN, UNKNOWN_SETTINGS -> false;
    };
  }

  /** How loudly the log says it. */
  public Level level() {
    return switch (kind) {
      case RESTORED, UNTOUCHED -> Level.INFO;
      case FOREIGN, ABSENT, FAILED, FORBIDDEN, UNKNOWN, UNKNOWN_SETTINGS -> Level.WARNING;
    };
  }

  /** The same for want of the right to do it. */
  RestoreOutcome forbidden() {
    return new RestoreOutcome(gpu, Kind.FORBIDDEN, line);
  }

  /** Whether the next try may do better. */
  boolean isRetryable() {
    return kind == Kind.FAILED;
  }
}
