package chase.zeus.policy;

import chase.zeus.gpu.PowerRange;
import chase.zeus.profile.PowerProfile;
import chase.zeus.unit.Watts;
import java.time.Instant;
import java.util.Optional;

/**
 * All that a policy may look at.
 *
 * @param allowed the limits that may be set: inside the card's range, not above the limit found,
 *     not below the floor
 * @param profile what the job draws and achieves, where known
 * @param outlook what energy weighs, absent when there is no signal that may be trusted
 * @param at the moment of the decision
 * @param progress how far the job has come, where somebody counts
 * @param currentLimit the limit that the card has, where known
 */
public record PolicyInput(
    PowerRange allowed,
    Optional<PowerProfile> profile,
    Optional<EnergyOutlook> outlook,
    Instant at,
    Optional<JobProgress> progress,
    Optional<CurrentLimit> currentLimit) {
  /** A situation in which nobody counts the job's work. */
  public PolicyInput(
      PowerRange allowed,
      Optional<PowerProfile> profile,
      Optional<EnergyOutlook> outlook,
      Instant at) {
    this(allowed, profile, outlook, at, Optional.empty(), Optional.empty());
  }

  /**
   * The limit that a card has.
   *
   * @param limit the requested limit
   * @param since when Chase last changed it; empty when it never did
   */
  public record CurrentLimit(Watts limit, Optional<Instant> since) {}
}
