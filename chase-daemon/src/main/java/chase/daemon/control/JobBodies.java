package chase.daemon.control;

import chase.daemon.api.JobBody;
import chase.daemon.api.StepsAnswer;
import chase.daemon.ledger.GpuOwner;
import chase.zeus.engine.GpuView;
import chase.zeus.engine.JobSpec;
import chase.zeus.engine.JobView;
import chase.zeus.engine.Snapshot;
import chase.zeus.gpu.GpuId;
import chase.zeus.policy.JobProgress;
import chase.zeus.policy.Slack;
import chase.zeus.unit.Watts;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Jobs drawn as JSON bodies; pure. */
final class JobBodies {
  /** Where a registered job's speed comes from: its own reports. */
  static final String SOURCE = "reported";

  private JobBodies() {}

  static String source(JobView job) {
    return job.profile().map(profile -> profile.workSource().word()).orElse(SOURCE);
  }

  static JobBody job(JobView job) {
    JobSpec spec = job.spec();
    return new JobBody(
        job.id().value(),
        spec.name(),
        GpuBodies.word(GpuOwner.OwnerKind.REGISTERED),
        spec.user(),
        spec.labels(),
        spec.gpus().stream().map(GpuId::uuid).toList(),
        job.policy().spec(),
        Optional.of(SOURCE),
        job.startedAt(),
        Optional.of(job.lastReportAt()),
        spec.batchSize(),
        job.steps(),
        spec.totalSteps(),
        spec.deadline(),
        spec.idle().isPresent(),
        spec.slowdownBound(),
        job.policy().promise(),
        rounded(job.stepsPerSecond()),
        rounded(job.fullSpeed()),
        rounded(job.slowdown()),
        rounded(job.progress().map(JobProgress::remaining).orElse(OptionalDouble.empty())),
        rounded(
            job.slack().map(s -> OptionalDouble.of(s.seconds())).orElse(OptionalDouble.empty())),
        rounded(job.slack().map(Slack::share).orElse(OptionalDouble.empty())),
        GpuBodies.watts(job.limit()),
        job.paused(),
        until(job),
        job.ignoresPauses(),
        job.profile().map(ProfileBodies::profile),
        metrics(job),
        Optional.empty());
  }

  private static Map<String, JobBody.Metric> metrics(JobView job) {
    return job.metrics().entrySet().stream()
        .collect(
            Collectors.toMap(
                Map.Entry::getKey,
                told ->
                    new JobBody.Metric(
                        told.getValue().value(), told.getValue().steps(), told.getValue().at())));
  }

  /**
   * A job of which only its process is known.
   *
   * @param snapshot what decides about its GPUs
   */
  static JobBody anonymous(GpuOwner job, Snapshot snapshot) {
    List<Optional<Watts>> targets =
        job.gpus().stream()
            .map(gpu -> snapshot.gpu(gpu).flatMap(GpuView::target))
            .distinct()
            .toList();
    return new JobBody(
        job.id(),
        job.name(),
        GpuBodies.word(job.kind()),
        job.user(),
        job.labels(),
        job.gpus().stream().map(GpuId::uuid).toList(),
        words(job.gpus().stream().map(gpu -> snapshot.policyOn(gpu).spec())),
        Optional.of(
                words(
                    job.gpus().stream()
                        .flatMap(gpu -> snapshot.workOn(gpu).stream())
                        .map(JobBodies::source)))
            .filter(source -> !source.isEmpty()),
        job.startedAt(),
        Optional.empty(),
        OptionalInt.empty(),
        OptionalLong.empty(),
        OptionalLong.empty(),
        Optional.empty(),
        false,
        OptionalDouble.empty(),
        Optional.empty(),
        OptionalDouble.empty(),
        OptionalDouble.empty(),
        OptionalDouble.empty(),
        OptionalDouble.empty(),
        OptionalDouble.empty(),
        OptionalDouble.empty(),
        targets.size() == 1 ? GpuBodies.watts(targets.getFirst()) : OptionalDouble.empty(),
        false,
        Optional.empty(),
        false,
        Optional.empty(),
        Map.of(),
        Optional.empty());
  }

  private static String words(Stream<String> each) {
    return each.distinct().collect(Collectors.joining(", "));
  }

  static StepsAnswer answer(JobView job, long steps) {
    return new StepsAnswer(
        job.id().value(), steps, job.paused(), until(job), GpuBodies.watts(job.limit()));
  }

  private static Optional<Instant> until(JobView job) {
    return job.advice().flatMap(JobView.Advice::until);
  }

  static OptionalDouble rounded(OptionalDouble value) {
    return value.isPresent() ? OptionalDouble.of(GpuBodies.round(value.getAsDouble())) : value;
  }
}
