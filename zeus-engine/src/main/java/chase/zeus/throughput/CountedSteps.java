package chase.zeus.throughput;

import chase.zeus.throughput.StepCounter.StepInterval;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * All that a {@link StepCounter} knows of a job, for the same job after a restart.
 *
 * @param first the first report; empty before it, as the two that follow
 * @param open the report with which the interval that is open begins
 * @param last the last report with a new count
 * @param sums work and time so far
 * @param recent the last intervals
 * @param full the intervals at full power by which its speed there is estimated
 * @param fullSpeed the estimate, in steps a second; empty while it is not known
 * @param warm whether an interval was closed
 */
public record CountedSteps(
    Optional<StepReport> first,
    Optional<StepReport> open,
    Optional<StepReport> last,
    WorkSums sums,
    List<StepInterval> recent,
    List<StepInterval> full,
    Optional<Double> fullSpeed,
    boolean warm) {
  /** Copies the lists. */
  public CountedSteps {
    recent = List.copyOf(recent);
    full = List.copyOf(full);
  }

  /**
   * A job's count at one moment.
   *
   * @param steps all steps so far
   * @param at when it was reported
   */
  public record StepReport(long steps, Instant at) {}

  /**
   * Work in seconds at full power, and time in seconds.
   *
   * @param done work done
   * @param unvalued steps done while the speed at full power was not known
   * @param inheritedWork work that an earlier run of the job did
   * @param inheritedSeconds time that it took
   * @param aside time that does not count
   * @param betweenSteps the part of it without pauses
   */
  public record WorkSums(
      double done,
      double unvalued,
      double inheritedWork,
      double inheritedSeconds,
      double aside,
      double betweenSteps) {}
}
