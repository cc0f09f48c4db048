package chase.daemon.batchsize;

import chase.zeus.batchsize.Report;
import chase.zeus.batchsize.Spending;
import chase.zeus.unit.Joules;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * A report as a client of Zeus sends it.
 *
 * @param jobId the job
 * @param report the rest; every joule weighs 1 as yet
 */
record ZeusReport(String jobId, Report report) {

  /**
   * Reads a report; time and energy count from the trial's start.
   *
   * @throws Invalid that names every mistake, a metric that is no number and negative energy among
   *     them
   */
  static ZeusReport read(String text) {
    Body body = Body.read(text);
    String jobId = body.text("job_id");
    int batchSize = body.whole("batch_size");
    int trial = body.whole("trial_number");
    double seconds = body.number("time");
    double joules = body.number("energy");
    double metric = body.number("metric");
    int epoch = body.whole("current_epoch");
    body.check();
    body.requireAtLeast(seconds, 0, "time");
    body.requireAtLeast(joules, 0, "energy");
    body.requireAbove(epoch, 0, "current_epoch");
    body.check();
    return new ZeusReport(
        jobId,
        new Report(
            trial,
            batchSize,
            epoch,
            Spending.of(new Joules(joules), seconds),
            OptionalDouble.of(metric),
            Optional.empty()));
  }
}
