package chase.daemon.metrics;

import static chase.daemon.metrics.Metric.counter;
import static chase.daemon.metrics.Metric.gauge;
import static chase.daemon.metrics.Metric.info;

import chase.zeus.engine.JobView;
import chase.zeus.engine.ProfileView;
import chase.zeus.gpu.GpuId;
import chase.zeus.unit.Watts;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Stream;

/** What was measured of jobs, one series for each of their GPUs; the basis stands beside it. */
final class ProfileMetrics {
  static final List<Metric> ALL =
      List.of(
          info(
              "chase_profile_info",
              "Who counts the work of the GPU's job, and how its energy is counted.",
              scrape -> scrape.snapshot().allJobs().flatMap(ProfileMetrics::facts)),
          gauge(
              "chase_profile_active",
              "Whether limits are tried on the GPU's job, or will be once it can afford it, 1 or"
                  + " 0.",
              each(profile -> Optional.of(profile.active() ? 1.0 : 0.0))),
          gauge(
              "chase_profile_limits_measured",
              "Limits that the last measuring of the GPU's job has come to.",
              each(profile -> Optional.of((double) profile.limitsMeasured()))),
          gauge(
              "chase_profile_limits_planned",
              "Limits that it may come to at most.",
              each(profile -> Optional.of((double) profile.limitsPlanned()))),
          counter(
              "chase_profile_seconds_total",
              "Time for which limits were tried on the GPU's job.",
              each(profile -> Optional.of(profile.cost().time().toMillis() / 1e3))),
          gauge(
              "chase_profile_lost_seconds",
              "How much longer than at full power the job's work took meanwhile.",
              each(ProfileView::secondsLost)),
          gauge(
              "chase_profile_added_joules",
              "How much more energy than at full power it took, on all its GPUs; below 0 if less.",
              each(ProfileView::joulesAdded)),
          counter(
              "chase_profile_changes_total",
              "How often the GPU's job was found to have changed.",
              each(profile -> Optional.of((double) profile.changes()))),
          gauge(
              "chase_profile_power_watts",
              "Measured draw of the GPU under a power limit.",
              points((point, scrape) -> point.point().power().mean())),
          gauge(
              "chase_profile_steps_per_second",
              "Measured speed under a power limit: steps, or thousands of SM cycles of an"
                  + " unregistered job.",
              points((point, scrape) -> point.point().throughput().mean())),
          gauge(
              "chase_profile_relative_error",
              "The larger of both standard errors as a share of the mean.",
              points((point, scrape) -> point.point().relativeError())),
          gauge(
              "chase_profile_age_seconds",
              "Time since the point was last added to.",
              points(ProfileMetrics::age)));

  private ProfileMetrics() {}

  private static Stream<Sample> facts(JobView job) {
    return job.profile().stream()
        .flatMap(profile ->
            job.spec().gpus().stream()
                .map(gpu ->
                    Sample.of(
                        1,
                        "uuid",
                        gpu.uuid(),
                        "throughput_source",
                        profile.workSource().label(),
                        "energy_source",
                        energy(profile))));
  }

  private static String energy(ProfileView profile) {
    return profile
        .energyBasis()
        .map(basis -> basis.name().toLowerCase(Locale.ROOT))
        .orElse("unknown");
  }

  private static double age(ProfileView.DatedPoint point, Scrape scrape) {
    return Math.max(0, Duration.between(point.at(), scrape.snapshot().at()).toMillis() / 1e3);
  }

  private static Function<Scrape, Stream<Sample>> each(
      Function<ProfileView, Optional<Double>> value) {
    return scrape ->
        scrape
            .snapshot()
            .allJobs()
            .flatMap(job ->
                job.profile().stream().flatMap(profile -> samples(job, value.apply(profile))));
  }

  private static Stream<Sample> samples(JobView job, Optional<Double> value) {
    return value.isPresent()
        ? job.spec().gpus().stream().map(gpu -> Sample.of(value.get(), "uuid", gpu.uuid()))
        : Stream.empty();
  }

  private static Function<Scrape, Stream<Sample>> points(
      BiFunction<ProfileView.DatedPoint, Scrape, Double> value) {
    return scrape ->
        scrape
            .snapshot()
            .allJobs()
            .flatMap(job ->
                job.profile().stream()
                    .flatMap(profile -> profile.points().stream())
                    .flatMap(point ->
                        job.spec().gpus().stream()
                            .map(gpu -> sample(gpu, point, value.apply(point, scrape)))));
  }

  private static Sample sample(GpuId gpu, ProfileView.DatedPoint point, double value) {
    return Sample.of(value, "uuid", gpu.uuid(), "limit_watts", text(point.point().limit()));
  }

  private static String text(Watts limit) {
    return BigDecimal.valueOf(limit.toMilliwatts(), 3).stripTrailingZeros().toPlainString();
  }
}
