package chase.daemon.metrics;

import static chase.daemon.metrics.Metric.gauge;
import static chase.daemon.metrics.Metric.info;

import chase.zeus.engine.JobView;
import chase.zeus.policy.Slack;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/** The jobs that registered, one series for each of their GPUs: ids come and go, GPUs stay. */
final class JobMetrics {
  static final List<Metric> ALL =
      List.of(
          info(
              "chase_job_info",
              "The job that registered for the GPU.",
              scrape -> jobs(scrape).flatMap(job -> facts(scrape, job))),
          gauge(
              "chase_job_last_report_timestamp_seconds",
              "When the GPU's job last reported; its other figures are as old as that.",
              each(job -> Optional.of(Sample.seconds(job.lastReportAt())))),
          gauge(
              "chase_job_steps_per_second",
              "Recent speed of the GPU's job.",
              each(JobView::stepsPerSecond)),
          gauge(
              "chase_job_full_power_steps_per_second",
              "Speed of the GPU's job at full power, as it reported itself.",
              each(JobView::fullSpeed)),
          gauge(
              "chase_job_slowdown_ratio",
              "How much slower than at full power the GPU's job was so far.",
              each(JobView::slowdown)),
          gauge(
              "chase_job_slack_seconds",
              "What is left of the slowdown budget of the GPU's job; negative when it is late.",
              each(JobMetrics::slack)),
          gauge(
              "chase_job_pause_advised",
              "Whether the GPU's job, which may be deferred, is advised to pause, 1 or 0.",
              each(JobMetrics::pause)));

  private JobMetrics() {}

  private static Stream<JobView> jobs(Scrape scrape) {
    return scrape.snapshot().jobs().stream();
  }

  private static Stream<Sample> facts(Scrape scrape, JobView job) {
    return job.spec().gpus().stream()
        .map(gpu ->
            Sample.of(
                1,
                "uuid",
                gpu.uuid(),
                "job_id",
                job.id().value(),
                "name",
                job.spec().name(),
                "user",
                scrape.shownUser(job.spec().user()),
                "policy",
                job.policy().spec(),
                "throughput_source",
                job.workSource().map(source -> source.label()).orElse("none")));
  }

  private static Optional<Double> slack(JobView job) {
    return job.slack().map(Slack::seconds);
  }

  private static Optional<Double> pause(JobView job) {
    return job.spec().idle().isPresent() ? Optional.of(job.paused() ? 1.0 : 0.0) : Optional.empty();
  }

  private static Function<Scrape, Stream<Sample>> each(Function<JobView, Optional<Double>> value) {
    return scrape -> jobs(scrape).flatMap(job -> samples(job, value.apply(job)));
  }

  private static Stream<Sample> samples(JobView job, Optional<Double> value) {
    return value.isPresent()
        ? job.spec().gpus().stream().map(gpu -> Sample.of(value.get(), "uuid", gpu.uuid()))
        : Stream.empty();
  }
}
