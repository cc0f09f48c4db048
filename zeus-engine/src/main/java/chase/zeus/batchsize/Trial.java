package chase.zeus.batchsize;

import chase.zeus.profile.PowerProfile;
import chase.zeus.unit.Watts;
import java.util.List;
import java.util.Optional;

/**
 * One training run of a recurring job.
 *
 * @param number counts from 1 in the order in which trials were started
 * @param batchSize what it trains with
 * @param kind why it was given that
 * @param why the same in words, with figures
 * @param limits under which power limits
 * @param status whether it trains, or how it ended
 * @param epochs how many it has finished
 * @param usage the energy and time it has used
 * @param profile what its first epoch measured of the power limits; throughput is epochs a second
 */
public record Trial(
    int number,
    int batchSize,
    TrialKind kind,
    String why,
    LimitPlan limits,
    Status status,
    int epochs,
    TrialUsage usage,
    Optional<PowerProfile> profile) {

  /** Why a trial was given its batch size. */
  public enum TrialKind {
    /** To learn what the batch size costs. */
    EXPLORATION,
    /** Others were still exploring, so it was given the best that is known. */
    CONCURRENT,
    /** Drawn by Thompson sampling. */
    SAMPLED
  }

  /** Whether a trial runs, or how it ended. */
  public enum Status {
    /** It trains. */
    RUNNING,
    /** It reached the target. */
    REACHED,
    /** It was stopped, because it would have cost too much. */
    STOPPED,
    /** It trained all its epochs and did not reach the target. */
    EXHAUSTED,
    /** Its training ended before the study ended it. */
    FAILED,
    /** It was not started, because one epoch would have cost too much. */
    DECLINED
  }

  /** Refuses numbers below their minimum with {@link IllegalArgumentException}. */
  public Trial {
    if (number < 1) {
      throw new IllegalArgumentException("a trial's number must be >= 1: " + number);
    }
    if (epochs < 0) {
      throw new IllegalArgumentException("epochs must be >= 0: " + epochs);
    }
  }

  /** Whether it still trains. */
  public boolean isRunning() {
    return status == Status.RUNNING;
  }

  /** Whether it reached the target. */
  public boolean reached() {
    return status == Status.REACHED;
  }

  /** The trial after a report, which may be late: its epochs and its usage never decrease. */
  Trial after(TrialReport report) {
    return new Trial(
        number,
        batchSize,
        kind,
        why,
        limits,
        status,
        Math.max(epochs, report.epoch()),
        usage.max(report.usage()),
        report.profile().isPresent() ? report.profile() : profile);
  }

  Trial ended(Status end) {
    return new Trial(number, batchSize, kind, why, limits, end, epochs, usage, profile);
  }

  /** Under which power limits a trial is to train. */
  public sealed interface LimitPlan {
    /** The study does not choose: the daemon's policy does. */
    record Free() implements LimitPlan {}

    /** One limit, from the first epoch to the last. */
    record Fixed(Watts limit) implements LimitPlan {}

    /**
     * The first epoch is split evenly over these limits, rising, and their profile comes with the
     * first report; then the cheapest known limit holds.
     */
    record Measure(List<Watts> limits) implements LimitPlan {
      /** Refuses an empty list with {@link IllegalArgumentException}. */
      public Measure {
        limits = List.copyOf(limits);
        if (limits.isEmpty()) {
          throw new IllegalArgumentException("there is no limit to measure");
        }
      }
    }
  }
}
