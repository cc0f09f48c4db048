package chase.zeus.policy;

import chase.zeus.gpu.PowerRange;
import chase.zeus.profile.PowerProfile;
import chase.zeus.unit.Watts;
import java.time.Instant;
import java.util.Optional;

/**
 * Everything that a policy may use for its decision.
 *
 * @param allowed the limits that may be set: inside the GPU's range, not above the original limit,
 *     not below the floor
 * @param profile what the job draws and achieves, where known
 * @param outlook what energy weighs; empty when no signal is trusted
 * @param at the moment of the decision
 * @param progress the job's progress, where its work is counted
 * @param currentLimit the limit that the GPU has, where known
 */
public record PolicyInput(
    PowerRange allowed,
    Optional<PowerProfile> profile,
    Optional<EnergyOutlook> outlook,
    Instant at,
    Optional<JobProgress> progress,
    Optional<CurrentLimit> currentLimit) {
  /** An input for a job whose work is not counted. */
  public PolicyInput(
      PowerRange allowed,
      Optional<PowerProfile> profile,
      Optional<EnergyOutlook> outlook,
      Instant at) {
    this(allowed, profile, outlook, at, Optional.empty(), Optional.empty());
  }

  /**
   * The limit that a GPU has.
   *
   * @param limit the requested limit
   * @param since when Chase last changed it; empty when it never did
   */
  public record CurrentLimit(Watts limit, Optional<Instant> since) {}
}
