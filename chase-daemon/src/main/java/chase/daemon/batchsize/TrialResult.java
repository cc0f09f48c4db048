package chase.daemon.batchsize;

import chase.zeus.batchsize.Trial;

/**
 * The result of a request about a trial.
 *
 * @param stored its job before the request
 * @param trial the trial after it
 * @param message why the trial is as it is, in words
 * @param ended whether the request ended it
 */
public record TrialResult(StoredStudy stored, Trial trial, String message, boolean ended) {
  /** What the trial has cost so far, in weighted joules. */
  public double costJoules() {
    return stored.study().cost(trial);
  }
}
