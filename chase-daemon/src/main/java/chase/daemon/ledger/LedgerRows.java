package chase.daemon.ledger;

import chase.zeus.engine.JobView;
import chase.zeus.gpu.GpuTraits;
import chase.zeus.profile.PowerProfile;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The rows that are written in one transaction.
 *
 * @param token their name, by which the database knows that it has them already
 * @param usage what is added to the rows of usage
 * @param jobs the jobs as they are now
 */
record LedgerRows(String token, List<UsageRow> usage, List<JobRow> jobs) {
  /** Copies the lists. */
  LedgerRows {
    usage = List.copyOf(usage);
    jobs = List.copyOf(jobs);
  }

  boolean isEmpty() {
    return usage.isEmpty() && jobs.isEmpty();
  }

  int size() {
    return usage.size() + jobs.size();
  }

  /**
   * Usage of one row that is not in the database yet.
   *
   * @param key which row
   * @param usage what is added to it
   * @param secondsAt the time under each limit in force, by whole milliwatts
   */
  record UsageRow(Key key, Usage usage, Map<Long, Double> secondsAt) {
    /**
     * One row: a GPU, its owner and an hour, as long as the figures have the same sources.
     *
     * @param hour hours since 1970
     * @param gpu the GPU
     * @param job the owner's id; empty where no process is known to use the GPU
     * @param sources where the figures come from
     */
    record Key(long hour, GpuName gpu, Optional<String> job, FigureSources sources) {}

    /** A GPU as the ledger identifies it. */
    record GpuName(String uuid, String model) {
      static GpuName of(GpuTraits traits) {
        return new GpuName(traits.id().uuid(), traits.model());
      }
    }

    /** This with {@code more} of the same row. */
    UsageRow and(UsageRow more) {
      Map<Long, Double> seconds = new TreeMap<>(secondsAt);
      more.secondsAt.forEach((limit, time) -> seconds.merge(limit, time, Double::sum));
      return new UsageRow(key, usage.plus(more.usage), seconds);
    }
  }

  /**
   * A job as it was last seen.
   *
   * @param owner its name, user and GPUs
   * @param view the engine's view of it; empty where its work is not counted
   * @param seenAt when it was last seen
   * @param endedAt when it ended; empty while it runs
   */
  record JobRow(GpuOwner owner, Optional<JobView> view, Instant seenAt, Optional<Instant> endedAt) {
    JobRow ended(Instant at) {
      return new JobRow(owner, view, seenAt, Optional.of(at));
    }

    Optional<String> policy() {
      return view.map(job -> job.policy().spec());
    }

    Optional<String> work() {
      return view.flatMap(FigureSources::workSource);
    }

    Optional<Long> steps() {
      return view.flatMap(JobView::steps);
    }

    Optional<Double> slowdown() {
      return view.flatMap(JobView::slowdown);
    }

    /** What was measured of it so far; fitted, which takes some time. */
    Optional<PowerProfile> profile() {
      return view.flatMap(JobView::profile).flatMap(known -> known.measured().toPowerProfile());
    }
  }
}
