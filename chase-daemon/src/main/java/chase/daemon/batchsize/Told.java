package chase.daemon.batchsize;

import chase.zeus.batchsize.Trial;

/**
 * What is told of a trial.
 *
 * @param job as it was before
 * @param trial as it is now
 * @param message why, in words
 * @param ends whether it ended by this
 */
public record Told(KnownJob job, Trial trial, String message, boolean ends) {
  /** What the trial has cost so far, in weighted joules. */
  public double costJoules() {
    return job.study().cost(trial);
  }
}
