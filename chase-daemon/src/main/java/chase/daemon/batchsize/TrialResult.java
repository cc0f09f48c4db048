package chase.daemon.batchsize;

import chase.zeus.batchsize.Trial;

/**
 * What is told of a trial.
 *
 * @param stored as it was before
 * @param trial as it is now
 * @param message why, in words
 * @param ended whether it ended by this
 */
public record TrialResult(StoredStudy stored, Trial trial, String message, boolean ended) {
  /** What the trial has cost so far, in weighted joules. */
  public double costJoules() {
    return stored.study().cost(trial);
  }
}
