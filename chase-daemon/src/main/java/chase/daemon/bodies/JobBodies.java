package chase.daemon.bodies;

import chase.daemon.api.JobBody;
import chase.daemon.api.ProfileBody;
import chase.daemon.explain.JobStateText;
import chase.daemon.explain.ProfilingText;
import chase.daemon.ledger.GpuOwner;
import chase.zeus.engine.GpuView;
import chase.zeus.engine.JobSpec;
import chase.zeus.engine.JobView;
import chase.zeus.engine.ProfileView;
import chase.zeus.engine.Snapshot;
import chase.zeus.gpu.GpuId;
import chase.zeus.policy.JobProgress;
import chase.zeus.policy.Slack;
import chase.zeus.profile.MeasuredProfile;
import chase.zeus.profile.ProfilingState;
import chase.zeus.unit.Watts;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Jobs as JSON bodies; pure. */
public final class JobBodies {
  private JobBodies() {}

  /** How its work is counted; empty while nothing counts it. */
  static Optional<String> source(JobView job) {
    return job.workSource().map(source -> source.label());
  }

  /** A registered job. */
  public static JobBody job(JobView job) {
    return job(job, false);
  }

  /**
   * A registered job.
   *
   * @param kept whether it registered before the daemon was last started
   */
  static JobBody job(JobView job, boolean kept) {
    JobSpec spec = job.spec();
    return new JobBody(
        new JobBody.Identity(
            job.id().value(),
            spec.name(),
            GpuBodies.word(GpuOwner.OwnerKind.REGISTERED),
            spec.user(),
            spec.labels(),
            uuids(spec.gpus())),
        job.policy().spec(),
        source(job),
        job.startedAt(),
        Optional.of(job.lastReportAt()),
        new JobBody.Goal(
            spec.batchSize(),
            job.steps(),
            spec.totalSteps(),
            spec.deadline(),
            spec.idle().isPresent(),
            spec.slowdownBound(),
            job.policy().boundText()),
        speed(job),
        new JobBody.PauseBody(
            JobStateText.of(job) + (kept ? JobStateText.KEPT : ""),
            GpuBodies.watts(job.limit()),
            job.paused(),
            until(job),
            job.ignoresPauses()),
        job.profile().map(ProfileBodies::profile),
        metrics(job),
        Optional.empty());
  }

  private static JobBody.Speed speed(JobView job) {
    return new JobBody.Speed(
        rounded(job.stepsPerSecond()),
        rounded(job.fullSpeed()),
        rounded(job.slowdown()),
        rounded(job.progress().flatMap(JobProgress::remaining)),
        rounded(job.slack().map(Slack::seconds)),
        rounded(job.slack().flatMap(Slack::share)));
  }

  private static List<String> uuids(List<GpuId> gpus) {
    return gpus.stream().map(GpuId::uuid).toList();
  }

  private static Map<String, JobBody.ReportedMetric> metrics(JobView job) {
    return job.metrics().entrySet().stream()
        .collect(
            Collectors.toMap(
                Map.Entry::getKey,
                reported ->
                    new JobBody.ReportedMetric(
                        reported.getValue().value(),
                        reported.getValue().steps(),
                        reported.getValue().at())));
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
    Stream<String> sources =
        job.gpus().stream()
            .flatMap(gpu -> snapshot.workOn(gpu).flatMap(JobBodies::source).stream());
    return new JobBody(
        new JobBody.Identity(
            job.id(),
            job.name(),
            GpuBodies.word(job.kind()),
            job.user(),
            job.labels(),
            uuids(job.gpus())),
        words(job.gpus().stream().map(gpu -> snapshot.policyOn(gpu).spec())),
        Optional.of(words(sources)).filter(source -> !source.isEmpty()),
        job.startedAt(),
        Optional.empty(),
        JobBody.Goal.UNKNOWN,
        JobBody.Speed.UNKNOWN,
        new JobBody.PauseBody(
            JobStateText.ANONYMOUS,
            targets.size() == 1 ? GpuBodies.watts(targets.getFirst()) : Optional.empty(),
            false,
            Optional.empty(),
            false),
        Optional.empty(),
        Map.of(),
        Optional.empty());
  }

  private static String words(Stream<String> each) {
    return each.distinct().collect(Collectors.joining(", "));
  }

  /** The answer to a report of {@code steps}. */
  public static JobBody.StepsAnswer answer(JobView job, long steps) {
    return new JobBody.StepsAnswer(
        job.id().value(), steps, job.paused(), until(job), GpuBodies.watts(job.limit()));
  }

  private static Optional<Instant> until(JobView job) {
    return job.advice().flatMap(JobView.PauseAdvice::until);
  }

  private static Optional<Double> rounded(Optional<Double> value) {
    return value.map(GpuBodies::round);
  }

  /** Measured profiles as JSON bodies; pure. */
  static final class ProfileBodies {
    private ProfileBodies() {}

    static ProfileBody profile(ProfileView profile) {
      return new ProfileBody(
          ProfilingText.word(profile.state()),
          profile.state().flatMap(ProfileBodies::because),
          GpuBodies.watts(profile.state().flatMap(ProfileBodies::limit)),
          profile.limitsMeasured(),
          profile.limitsPlanned(),
          profile.workSource().label(),
          profile.energyBasis().map(GpuBodies::word),
          GpuBodies.round(profile.cost().time().toMillis() / 1e3),
          JobBodies.rounded(profile.secondsLost()),
          JobBodies.rounded(profile.joulesAdded()),
          profile.changes(),
          profile.points().stream().map(ProfileBodies::point).toList());
    }

    private static Optional<String> because(ProfilingState state) {
      return state instanceof ProfilingState.Aborted(var reason)
          ? Optional.of(GpuBodies.word(reason))
          : Optional.empty();
    }

    private static Optional<Watts> limit(ProfilingState state) {
      return switch (state) {
        case ProfilingState.Settling at -> Optional.of(at.limit());
        case ProfilingState.Measuring at -> Optional.of(at.limit());
        case ProfilingState.Waiting at -> Optional.of(at.limit());
        case ProfilingState.Silent at -> Optional.of(at.limit());
        case ProfilingState.Done d -> Optional.empty();
        case ProfilingState.Aborted a -> Optional.empty();
      };
    }

    private static ProfileBody.PointBody point(ProfileView.DatedPoint dated) {
      MeasuredProfile.MeasuredPoint point = dated.point();
      return new ProfileBody.PointBody(
          GpuBodies.round(point.limit().value()),
          GpuBodies.round(point.power().mean()),
          fine(point.power().relativeError()),
          fine(point.throughput().mean()),
          fine(point.throughput().relativeError()),
          GpuBodies.round(point.samples()),
          dated.at());
    }

    /** Speeds and errors may be far below one. */
    private static double fine(double value) {
      return Math.rint(value * 1e6) / 1e6;
    }
  }
}
