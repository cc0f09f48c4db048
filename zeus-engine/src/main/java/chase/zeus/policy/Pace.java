package chase.zeus.policy;

import chase.zeus.profile.PowerProfile;
import chase.zeus.profile.PowerProfile.Point;
import chase.zeus.unit.Watts;
import java.time.Instant;
import java.util.Optional;

/**
 * What a job does now.
 *
 * @param limit the limit in force, empty where unknown
 * @param limitSince when Chase last changed it; empty when it never did
 * @param rate what the job achieves, as a share of full power; nothing while it rests
 * @param paused whether it rests
 * @param pauseChangedAt when it last began or ended a rest; empty when it never did
 */
record Pace(
    Optional<Watts> limit,
    Optional<Instant> limitSince,
    double rate,
    boolean paused,
    Optional<Instant> pauseChangedAt) {
  /** What {@code profile} lets expect of the job in {@code situation}. */
  static Pace of(PolicyInput situation, PowerProfile profile, JobProgress progress) {
    double full = profile.points().getLast().throughput();
    Optional<Watts> limit = situation.currentLimit().map(InForce::limit);
    boolean resting = progress.pause().filter(JobProgress.PauseState::paused).isPresent();
    double running = limit.flatMap(profile::at).map(Point::throughput).orElse(full);
    return new Pace(
        limit,
        situation.currentLimit().flatMap(InForce::since),
        resting ? 0 : running / full,
        resting,
        progress.pause().flatMap(JobProgress.PauseState::since));
  }
}
