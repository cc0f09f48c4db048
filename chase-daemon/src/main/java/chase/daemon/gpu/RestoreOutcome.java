package chase.daemon.gpu;

import chase.zeus.gpu.GpuId;

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
    /** The limit found is back. */
    RESTORED,
    /** The limit found was there already. */
    UNTOUCHED,
    /** Somebody else set another limit, which stays. */
    FOREIGN,
    /** The GPU is not there; its entry stays. */
    ABSENT,
    /** The limit could not be put back; the entry stays. */
    FAILED,
    /** What must be put back is not known any more; a person is told what to do. */
    UNKNOWN
  }
}
