package chase.daemon.control;

import chase.daemon.api.JobBody;
import chase.daemon.api.StepsAnswer;
import chase.zeus.engine.Advice;
import chase.zeus.engine.JobSpec;
import chase.zeus.engine.JobView;
import chase.zeus.gpu.GpuId;
import chase.zeus.policy.Progress;
import chase.zeus.policy.Slack;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalDouble;

/** Jobs drawn as JSON bodies; pure. */
final class JobBodies {
  /** Where a registered job's speed comes from: its own reports. */
  static final String SOURCE = "reported";

  private JobBodies() {}

  static String source(JobView job) {
    return job.profile().map(profile -> profile.work().word()).orElse(SOURCE);
  }

  static JobBody job(JobView job) {
    JobSpec spec = job.spec();
    return new JobBody(
        job.id().value(),
        spec.name(),
        spec.gpus().stream().map(GpuId::uuid).toList(),
        job.policy().spec(),
        SOURCE,
        job.startedAt(),
        job.heardAt(),
        spec.batchSize(),
        job.steps(),
        spec.totalSteps(),
        spec.deadline(),
        spec.idle().isPresent(),
        spec.slowdownBound(),
        rounded(job.stepsPerSecond()),
        rounded(job.fullSpeed()),
        rounded(job.slowdown()),
        rounded(job.progress().map(Progress::remaining).orElse(OptionalDouble.empty())),
        rounded(
            job.slack().map(s -> OptionalDouble.of(s.seconds())).orElse(OptionalDouble.empty())),
        rounded(job.slack().map(Slack::share).orElse(OptionalDouble.empty())),
        Bodies.watts(job.limit()),
        job.paused(),
        until(job),
        job.ignoresPauses(),
        job.profile().map(ProfileBodies::profile));
  }

  static StepsAnswer answer(JobView job, long steps) {
    return new StepsAnswer(
        job.id().value(), steps, job.paused(), until(job), Bodies.watts(job.limit()));
  }

  private static Optional<Instant> until(JobView job) {
    return job.advice().flatMap(Advice::until);
  }

  static OptionalDouble rounded(OptionalDouble value) {
    return value.isPresent() ? OptionalDouble.of(Bodies.round(value.getAsDouble())) : value;
  }
}
