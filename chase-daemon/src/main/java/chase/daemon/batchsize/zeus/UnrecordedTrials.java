package chase.daemon.batchsize.zeus;

import chase.daemon.batchsize.ZeusJob;
import chase.zeus.batchsize.StudySpec;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.Optional;

/**
 * Trials that the database cannot record. Zeus's client ends a training when it gets any status but
 * 2xx, and after 5 s without a response, so such a trial is let train: as trial 0, with the owner's
 * batch size, and ended by its target and its epochs alone. For this, jobs are remembered as their
 * clients last registered them. Any thread may call.
 */
final class UnrecordedTrials {
  /** The number of every such trial; recorded ones begin with 1. */
  static final int NUMBER = 0;

  private static final int MAX_JOBS = 1000;
  private static final Duration MAX_TRAINING = Duration.ofDays(7);

  private final Cache<String, ZeusJob> jobs =
      Caffeine.newBuilder()
          .maximumSize(MAX_JOBS)
          .expireAfterAccess(MAX_TRAINING)
          .executor(Runnable::run)
          .build();

  /**
   * Whether a training is to end.
   *
   * @param message why, in words
   */
  record StopDecision(boolean stop, boolean converged, String message) {
    /** The training goes on, whatever it has reached. */
    static StopDecision keepTraining(String message) {
      return new StopDecision(false, false, message);
    }

    /** The training ends at its target or after its epochs. */
    static StopDecision of(StudySpec spec, Optional<Double> metric, int epoch, String message) {
      boolean reached = metric.isPresent() && spec.target().isReachedBy(metric.get());
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
