package chase.zeus.policy;

import chase.zeus.unit.Watts;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * How far a job has come. Work is counted in seconds at full power: what the job does in a second
 * at the highest allowed limit.
 *
 * @param since when the job began
 * @param asOf when its work was last counted, not before {@code since}
 * @param done the work done by then
 * @param remaining the work left at that moment, for a job of known length
 * @param deadline when the job must be done, where its owner set one; it then takes the place of
 *     the slowdown bound
 * @param pause whether and how it may pause; empty for a job that may not
 */
public record JobProgress(
    Instant since,
    Instant asOf,
    double done,
    OptionalDouble remaining,
    Optional<Instant> deadline,
    Optional<PauseState> pause) {
  /** Refuses negative or non-finite work and a count from before the job's begin. */
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
   * @param idle the draw while it rests; 0 W when it releases the GPU
   * @param paused whether it rests now
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
        since, asOf, done, OptionalDouble.of(remaining), Optional.empty(), Optional.empty());
  }

  /** The seconds from the job's begin to {@code asOf}. */
  public double elapsed() {
    return seconds(since, asOf);
  }

  /** What is expected at {@code at}, when the job goes on at {@code rate} until then. */
  JobProgress expectedAt(Instant at, double rate) {
    if (!at.isAfter(asOf)) {
      return this;
    }
    double more = rate * seconds(asOf, at);
    OptionalDouble left =
        remaining.isPresent()
            ? OptionalDouble.of(Math.max(0, remaining.getAsDouble() - more))
            : remaining;
    return new JobProgress(since, at, done + more, left, deadline, pause);
  }

  static double seconds(Instant from, Instant to) {
    return Duration.between(from, to).toNanos() / 1e9;
  }
}
