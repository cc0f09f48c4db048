package chase.zeus.engine;

import chase.zeus.engine.JobView.EndedJob;
import chase.zeus.engine.JobView.JobMetric;
import chase.zeus.engine.Refusal.Cause;
import chase.zeus.gpu.GpuId;
import chase.zeus.gpu.PowerRange;
import chase.zeus.unit.Watts;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Checks which commands cannot be carried out, and says why.
 *
 * @param rules the host's safety rules
 * @param host what holds for all GPUs
 * @param gpus all GPUs
 * @param jobs all jobs
 * @param policies the policies that were chosen
 */
record CommandCheck(
    SafetyRules rules, HostState host, List<GpuState> gpus, JobTable jobs, PolicyChoices policies) {

  /** Why {@code command} cannot be carried out; empty when it can. */
  Optional<Refusal> refusal(Event.Command command) {
    if (host.stopping()) {
      return refused(Cause.NOT_WRITABLE, "Chase is stopping");
    }
    return switch (command) {
      case Event.OverrideSet set ->
          gpu(set.gpu()).map(gpu -> override(set, gpu)).orElseGet(() -> unknown(set.gpu()));
      case Event.OverrideReleased released -> known(released.gpu());
      case Event.GpuPaused paused ->
          known(paused.gpu()).or(() -> ends(paused.until(), paused.at()));
      case Event.GpuResumed resumed -> known(resumed.gpu()).or(this::paused);
      case Event.LeaseTaken taken ->
          gpu(taken.gpu()).map(gpu -> lease(taken, gpu)).orElseGet(() -> unknown(taken.gpu()));
      case Event.LeaseEnded ended -> known(ended.gpu());
      case Event.PolicyChosen chosen ->
          known(chosen.scope()).or(() -> confirmable(chosen.confirmBy(), chosen.at()));
      case Event.PolicyConfirmed confirmed -> tried(confirmed.scope());
      case Event.PolicyCleared cleared -> known(cleared.scope());
      case Event.JobStarted started -> start(started);
      case Event.StepsReported report ->
          jobs.find(report.job())
              .map(job -> steps(report, job))
              .orElseGet(() -> unknown(report.job()));
      case Event.JobEnded ended -> known(ended.job());
      case Event.Paused paused -> ends(paused.until(), paused.at());
      case Event.Resumed r -> Optional.empty();
    };
  }

  private Optional<Refusal> observing() {
    return rules.mode() == SafetyRules.Mode.OBSERVE
        ? refused(Cause.NOT_WRITABLE, "Chase only observes (mode: observe)")
        : Optional.empty();
  }

  private Optional<Refusal> paused() {
    return host.pause().isPresent()
        ? refused(Cause.NOT_WRITABLE, "Chase is paused; resume it first")
        : Optional.empty();
  }

  private static Optional<Refusal> paused(GpuState gpu) {
    return gpu.hold().pause().isPresent()
        ? refused(Cause.NOT_WRITABLE, gpu.name() + " is paused; resume it first")
        : Optional.empty();
  }

  private static Optional<Refusal> ends(Optional<Instant> until, Instant now) {
    return until
        .filter(end -> !end.isAfter(now))
        .flatMap(
            end -> refused(Cause.OUT_OF_RANGE, "a pause must end in the future, not at " + end));
  }

  /**
   * A pause and an override hold the limit and refuse no lease: what a client requests meanwhile is
   * kept and takes effect afterwards. An external limit, or an earlier refusal, is no reason to
   * refuse an explicit request.
   */
  private Optional<Refusal> lease(Event.LeaseTaken taken, GpuState gpu) {
    return taken
        .limit()
        .flatMap(limit -> outsidePowerRange(limit, gpu))
        .or(this::observing)
        .or(() -> leasable(gpu));
  }

  private static Optional<Refusal> leasable(GpuState gpu) {
    if (gpu.whyLost().isPresent()) {
      return refused(Cause.NOT_WRITABLE, gpu.name() + gpu.whyLost().get());
    }
    return gpu.allowed().isEmpty()
        ? refused(Cause.NOT_WRITABLE, gpu.name() + " is not written: " + gpu.whyNotAllowed())
        : Optional.empty();
  }

  private static Optional<Refusal> outsidePowerRange(Watts limit, GpuState gpu) {
    return gpu.traits()
        .powerRange()
        .filter(range -> !range.contains(limit))
        .flatMap(range ->
            refused(
                Cause.OUT_OF_RANGE,
                limit + " is outside " + range + ", what " + gpu.name() + " accepts"));
  }

  private Optional<Refusal> override(Event.OverrideSet set, GpuState gpu) {
    return observing()
        .or(this::paused)
        .or(() -> paused(gpu))
        .or(() ->
            gpu.whyNotWritable()
                .flatMap(
                    why -> refused(Cause.NOT_WRITABLE, gpu.name() + " is not written: " + why)))
        .or(() -> outsideAllowed(set.limit(), gpu))
        .or(() ->
            set.until().isAfter(set.at())
                ? Optional.empty()
                : refused(
                    Cause.OUT_OF_RANGE,
                    "an override must end in the future, not at " + set.until()));
  }

  private static Optional<Refusal> outsideAllowed(Watts limit, GpuState gpu) {
    PowerRange allowed = gpu.allowed().orElseThrow();
    return allowed.contains(limit)
        ? Optional.empty()
        : refused(
            Cause.OUT_OF_RANGE,
            limit + " is outside " + allowed + ", what Chase may set on " + gpu.name());
  }

  private static Optional<Refusal> confirmable(Optional<Instant> confirmBy, Instant now) {
    return confirmBy
        .filter(end -> !end.isAfter(now))
        .flatMap(end ->
            refused(Cause.OUT_OF_RANGE, "a policy must be confirmed in the future, not by " + end));
  }

  private Optional<Refusal> tried(Optional<PolicyScope> scope) {
    return scope
        .flatMap(this::known)
        .or(() ->
            policies.tries(scope)
                ? Optional.empty()
                : refused(
                    Cause.CONFLICT,
                    "no policy waits for a confirmation"
                        + (scope.isPresent() ? " there" : "")
                        + ": it was rolled back, or none was tried"));
  }

  private Optional<Refusal> start(Event.JobStarted started) {
    if (jobs.find(started.job()).isPresent()) {
      return refused(Cause.CONFLICT, "there is a job " + started.job() + " already");
    }
    Optional<Instant> deadline = started.spec().deadline();
    if (deadline.isPresent() && !deadline.get().isAfter(started.at())) {
      return refused(
          Cause.OUT_OF_RANGE, "the deadline is over: " + deadline.get() + ", now " + started.at());
    }
    return started
        .replaces()
        .flatMap(jobs::find)
        .flatMap(earlier -> different(earlier.spec(), started.spec()))
        .or(() ->
            started.spec().gpus().stream()
                .map(gpu -> occupied(gpu, started.replaces()))
                .flatMap(Optional::stream)
                .findFirst())
        .or(() -> mixed(started.spec()));
  }

  /** Only the same job may replace a job. */
  private static Optional<Refusal> different(JobSpec earlier, JobSpec started) {
    return earlier.isRunOfTheSame(started)
        ? Optional.empty()
        : refused(Cause.CONFLICT, "another user, name or GPUs than those of the job left behind");
  }

  private Optional<Refusal> occupied(GpuId id, Optional<JobId> replaced) {
    Optional<GpuState> gpu = gpu(id);
    if (gpu.isEmpty()) {
      return unknown(id);
    }
    if (gpu.get().whyLost().isPresent()) {
      return refused(Cause.NOT_WRITABLE, gpu.get().name() + gpu.get().whyLost().get());
    }
    return jobs.on(id)
        .filter(job -> !replaced.equals(Optional.of(job.id())))
        .flatMap(job ->
            refused(
                Cause.CONFLICT,
                gpu.get().name() + " is in job " + job.id() + " already; end that first"));
  }

  private Optional<Refusal> mixed(JobSpec spec) {
    GpuState first = gpu(spec.gpus().getFirst()).orElseThrow();
    return spec.gpus().stream()
        .flatMap(gpu -> gpu(gpu).stream())
        .filter(gpu -> !gpu.traits().model().equals(first.traits().model()))
        .findFirst()
        .flatMap(other ->
            refused(
                Cause.OUT_OF_RANGE,
                "a job's GPUs must be of one model, since all get the same limit: %s is %s, %s is %s"
                    .formatted(
                        first.name(),
                        first.traits().model(),
                        other.name(),
                        other.traits().model())));
  }

  private static Optional<Refusal> steps(Event.StepsReported report, JobState job) {
    Optional<Long> before = job.steps();
    if (report.steps() < 0) {
      return refused(Cause.OUT_OF_RANGE, "a count of steps is never below 0: " + report.steps());
    }
    if (before.isPresent() && report.steps() < before.get()) {
      return refused(
          Cause.CONFLICT,
          String.format(
              Locale.ROOT,
              "job %s did %d steps already, so %d is no count of all of them",
              job.id(),
              before.get(),
              report.steps()));
    }
    return job.metricsWith(report).size() <= JobMetric.MOST
        ? Optional.empty()
        : refused(
            Cause.OUT_OF_RANGE,
            String.format(
                Locale.ROOT,
                "job %s would have more than %d metrics; it has %s",
                job.id(),
                JobMetric.MOST,
                String.join(", ", job.reports().metrics().keySet())));
  }

  private Optional<Refusal> known(PolicyScope scope) {
    return switch (scope) {
      case PolicyScope.WholeHost h -> Optional.empty();
      case PolicyScope.OneGpu one -> known(one.gpu());
      case PolicyScope.OneJob one -> known(one.job());
    };
  }

  private Optional<Refusal> known(GpuId gpu) {
    return gpu(gpu).isPresent() ? Optional.empty() : unknown(gpu);
  }

  private Optional<Refusal> known(JobId job) {
    return jobs.find(job).isPresent() ? Optional.empty() : unknown(job);
  }

  private Optional<Refusal> unknown(GpuId gpu) {
    String names = String.join(", ", gpus.stream().map(GpuState::name).toList());
    return refused(Cause.UNKNOWN_GPU, "no GPU " + gpu + " here; there are: " + names);
  }

  private Optional<Refusal> unknown(JobId job) {
    return jobs.ended().stream()
        .filter(ended -> ended.id().equals(job))
        .findFirst()
        .map(EndedJob::text)
        .map(text -> new Refusal(Cause.JOB_ENDED, text))
        .or(() -> refused(Cause.UNKNOWN_JOB, "no job " + job + " runs here; " + jobs.names()));
  }

  private Optional<GpuState> gpu(GpuId id) {
    return gpus.stream().filter(gpu -> gpu.id().equals(id)).findFirst();
  }

  private static Optional<Refusal> refused(Cause cause, String message) {
    return Optional.of(new Refusal(cause, message));
  }
}
