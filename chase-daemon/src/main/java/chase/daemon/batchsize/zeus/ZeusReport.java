package chase.daemon.batchsize.zeus;

import chase.daemon.batchsize.PydanticBody;
import chase.zeus.batchsize.TrialReport;
import chase.zeus.batchsize.TrialUsage;
import chase.zeus.unit.Joules;
import java.util.Optional;

/**
 * A report as a client of Zeus sends it.
 *
 * @param jobId the job
 * @param report the rest; every joule still weighs 1
 * @param measured whether its time and energy are plausible; the report's usage is zero otherwise
 */
record ZeusReport(String jobId, TrialReport report, boolean measured) {

  /**
   * Reads a report; time and energy count from the trial's start. A metric that is not a number
   * counts as none: a training that diverged has not reached its target.
   *
   * @throws PydanticBody.ValidationException that names every error
   */
  static ZeusReport read(String text) {
    PydanticBody body = PydanticBody.read(text);
    String jobId = body.text("job_id");
    int batchSize = body.integer("batch_size");
    int trial = body.integer("trial_number");
    double seconds = body.anyNumber("time");
    double joules = body.anyNumber("energy");
    double metric = body.anyNumber("metric");
    int epoch = body.integer("current_epoch");
    body.check();
    boolean measured =
        seconds >= 0
            && seconds <= TrialUsage.MAX_SECONDS
            && joules >= 0
            && joules <= TrialUsage.MAX_JOULES
            && seconds + joules > 0;
    return new ZeusReport(
        jobId,
        new TrialReport(
            trial,
            batchSize,
            Math.max(1, epoch),
            measured ? TrialUsage.of(new Joules(joules), seconds) : TrialUsage.NONE,
            Double.isNaN(metric) ? Optional.empty() : Optional.of(metric),
            Optional.empty()),
        measured);
  }
}
