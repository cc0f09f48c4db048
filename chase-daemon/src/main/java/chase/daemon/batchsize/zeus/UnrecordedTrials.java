package chase.daemon.batchsize.zeus;

import chase.daemon.batchsize.ZeusJob;
import chase.zeus.batchsize.StudySpec;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Runs that the database cannot keep. Zeus's client ends a training at every answer but 2xx and
 * after 5 s without one, so that such a run trains all the same: as trial 0, with its owner's batch
 * size, judged by its target and its epochs alone. For this, jobs are remembered as their clients
 * last registered them. Any thread may ask.
 */
final class UnrecordedTrials {
  /** The number of every such run; those that are kept begin with 1. */
  static final int NUMBER = 0;

  private static final int MOST_JOBS = 1000;
  private static final Duration LONGEST_TRAINING = Duration.ofDays(7);

  private final Cache<String, ZeusJob> jobs =
      Caffeine.newBuilder()
          .maximumSize(MOST_JOBS)
          .expireAfterAccess(LONGEST_TRAINING)
          .executor(Runnable::run)
          .build();

  /**
   * Whether a run is to end.
   *
   * @param message why, in words
   */
  record StopDecision(boolean stop, boolean converged, String message) {
    /** A run that goes on, whatever it has achieved. */
    static StopDecision keepTraining(String message) {
      return new StopDecision(false, false, message);
    }

    /** What the target and the epochs of a job say. */
    static StopDecision of(StudySpec spec, OptionalDouble metric, int epoch, String message) {
      boolean reached = metric.isPresent() && spec.target().isReachedBy(metric.getAsDouble());
      return new StopDecision(reached || epoch >= spec.maxEpochs(), reached, message);
    }
  }

  void remember(ZeusJob job) {
    jobs.put(job.jobId(), job);
  }

  void forget(String job) {
    jobs.invalidate(job);
  }

  Optional<ZeusJob> find(String job) {
    return Optional.ofNullable(jobs.getIfPresent(job));
  }
}
