package chase.zeus.batchsize;

/**
 * What a run is told after a report.
 *
 * @param study the study that knows the report
 * @param trial the run as it stands now
 * @param message why, in words
 */
public record StudyResult(Study study, Trial trial, String message) {
  /** Whether the run is to end. */
  public boolean stop() {
    return !trial.isRunning();
  }

  /** Whether the run reached the target. */
  public boolean converged() {
    return trial.reached();
  }
}
