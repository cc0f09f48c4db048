package chase.zeus.policy;

import chase.zeus.unit.Watts;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * The progress of a job. Work is counted in seconds at full power: what the job does in a second at
 * the highest allowed limit.
 *
 * @param since when the job began
 * @param asOf when its work was last counted, not before {@code since}
 * @param done the work done by then
 * @param remaining the work left at that moment, for a job of known length
 * @param deadline when the job must be done, where its owner set a deadline; it then replaces the
 *     slowdown bound
 * @param pause whether it pauses now, and at what draw; empty for a job that may not pause
 */
public record JobProgress(
    Instant since,
    Instant asOf,
    double done,
    Optional<Double> remaining,
    Optional<Instant> deadline,
    Optional<PauseState> pause) {
  /** Refuses negative or non-finite work and a count from before the job's start. */
  public JobProgress {
    requireWork(done);
    remaining.ifPresent(JobProgress::requireWork);
    if (asOf.isBefore(since)) {
      throw new IllegalArgumentException("work counted at " + asOf + ", before " + since);
    }
  }

  /**
   * The pauses of a job that may be deferred.
   *
   * @param idle the draw while it pauses; 0 W when it releases the GPU
   * @param paused whether it pauses now
   * @param since when that last changed; empty when it never did
   */
  public record PauseState(Watts idle, boolean paused, Optional<Instant> since) {}

  private static void requireWork(double work) {
    if (!(work >= 0) || Double.isInfinite(work)) {
      throw new IllegalArgumentException("work must be finite and >= 0 s: " + work);
    }
  }

  /** A job of known length that may not pause and has no deadline of its own. */
  public static JobProgress of(Instant since, Instant asOf, double done, double remaining) {
    return new JobProgress(
        since, asOf, done, Optional.of(remaining), Optional.empty(), Optional.empty());
  }

  /** The seconds from the job's start to {@code asOf}. */
  public double elapsed() {
    return seconds(since, asOf);
  }

  /** The expected progress at {@code at}, when the job continues at {@code rate} until then. */
  JobProgress expectedAt(Instant at, double rate) {
    if (!at.isAfter(asOf)) {
      return this;
    }
    double more = rate * seconds(asOf, at);
    return new JobProgress(
        since, at, done + more, remaining.map(work -> Math.max(0, work - more)), deadline, pause);
  }

  static double seconds(Instant from, Instant to) {
    return Duration.between(from, to).toNanos() / 1e9;
  }
}
