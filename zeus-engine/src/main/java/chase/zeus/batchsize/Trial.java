package chase.zeus.batchsize;

import chase.zeus.profile.PowerProfile;
import chase.zeus.unit.Watts;
import java.util.List;
import java.util.Optional;

/**
 * One run of the job.
 *
 * @param number counts from 1 in the order in which runs were dispatched
 * @param batchSize what it trains with
 * @param kind why it was given that
 * @param why the same in words, with figures
 * @param limits under which power limits
 * @param status what became of it
 * @param epochs how many it has trained
 * @param usage what it has used
 * @param profile what its first epoch measured of the power limits; throughput is epochs a second
 */
public record Trial(
    int number,
    int batchSize,
    Kind kind,
    String why,
    LimitPlan limits,
    Status status,
    int epochs,
    TrialUsage usage,
    Optional<PowerProfile> profile) {

  /** Why a run was given its batch size. */
  public enum Kind {
    /** To learn what the batch size costs. */
    EXPLORATION,
    /** Others were still exploring, so it was given the best that is known. */
    CONCURRENT,
    /** Drawn by Thompson sampling. */
    SAMPLED
  }

  /** What became of a run. */
  public enum Status {
    /** It trains. */
    RUNNING,
    /** It reached the target. */
    REACHED,
    /** It was stopped, because it would have cost too much. */
    STOPPED,
    /** It trained all its epochs and did not reach the target. */
    EXHAUSTED,
    /** It ended by itself, before it was told to. */
    FAILED,
    /** It was not started, because one epoch would have cost too much. */
    DECLINED
  }

  /** Refuses numbers below their least with {@link IllegalArgumentException}. */
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

  /** The run after a report, which may be late: its epochs and what it has used never fall. */
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

  /** Under which power limits a run is to train. */
  public sealed interface LimitPlan {
    /** The study does not choose: whoever governs the GPUs does. */
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
