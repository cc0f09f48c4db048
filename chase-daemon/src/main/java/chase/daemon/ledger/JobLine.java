package chase.daemon.ledger;

import chase.zeus.engine.JobView;
import chase.zeus.profile.PowerProfile;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * A job as it was last seen.
 *
 * @param owner who it is
 * @param view what the engine knows of it; empty where its work is not counted
 * @param seenAt when
 * @param endedAt when it ended; empty while it runs
 */
record JobLine(GpuOwner owner, Optional<JobView> view, Instant seenAt, Optional<Instant> endedAt) {
  JobLine ended(Instant at) {
    return new JobLine(owner, view, seenAt, Optional.of(at));
  }

  Optional<String> policy() {
    return view.map(job -> job.policy().spec());
  }

  Optional<String> work() {
    return view.map(FigureSources::workSource);
  }

  OptionalLong steps() {
    return view.map(JobView::steps).orElse(OptionalLong.empty());
  }

  OptionalDouble slowdown() {
    return view.map(JobView::slowdown).orElse(OptionalDouble.empty());
  }

  /** What was measured of it so far; fitted, which takes some time. */
  Optional<PowerProfile> profile() {
    return view.flatMap(JobView::profile).flatMap(known -> known.measured().toPowerProfile());
  }
}
