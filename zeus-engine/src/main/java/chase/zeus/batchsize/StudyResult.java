package chase.zeus.batchsize;

/**
 * A study after a trial was started or has reported.
 *
 * @param study the study with the trial as it is now
 * @param trial the trial, with its batch size and its limits
 * @param message why it was given that batch size, or why it goes on or ends
 */
public record StudyResult(Study study, Trial trial, String message) {
  /** Whether the training is to end. */
  public boolean stop() {
    return !trial.isRunning();
  }

  /** Whether the trial reached the target. */
  public boolean converged() {
    return trial.reached();
  }
}
