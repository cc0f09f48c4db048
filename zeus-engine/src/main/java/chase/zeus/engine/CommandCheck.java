package chase.zeus.engine;

import chase.zeus.engine.Refusal.Cause;
import chase.zeus.gpu.GpuId;
import chase.zeus.gpu.PowerRange;
import chase.zeus.unit.Watts;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Tells which commands cannot be done, and why.
 *
 * @param rules the host's safety rules
 * @param host what holds for all cards
 * @param gpus all cards
 * @param jobs all jobs
 */
record CommandCheck(SafetyRules rules, HostState host, List<GpuState> gpus, JobTable jobs) {

  Optional<Refusal> refusal(Event.Command command) {
    if (host.stopping()) {
      return refused(Cause.NOT_WRITABLE, "Chase is stopping");
    }
    return switch (command) {
      case Event.OverrideSet set ->
          card(set.gpu()).map(card -> override(set, card)).orElseGet(() -> unknown(set.gpu()));
      case Event.OverrideReleased released -> known(released.gpu());
      case Event.LeaseTaken taken ->
          card(taken.gpu()).map(card -> lease(taken, card)).orElseGet(() -> unknown(taken.gpu()));
      case Event.LeaseEnded ended -> known(ended.gpu());
      case Event.PolicyChosen chosen -> known(chosen.scope());
      case Event.PolicyCleared cleared -> clear(cleared.scope());
      case Event.JobStarted started -> start(started);
      case Event.StepsReported done ->
          jobs.find(done.job()).map(job -> steps(done, job)).orElseGet(() -> unknown(done.job()));
      case Event.JobEnded ended -> known(ended.job());
      case Event.Paused e -> Optional.empty();
      case Event.Resumed e -> Optional.empty();
    };
  }

  private Optional<Refusal> idle() {
    return observing()
        .or(() ->
            host.paused()
                ? refused(Cause.NOT_WRITABLE, "Chase is paused; resume it first")
                : Optional.empty());
  }

  private Optional<Refusal> observing() {
    return rules.mode() == SafetyRules.Mode.OBSERVE
        ? refused(Cause.NOT_WRITABLE, "Chase only observes (mode: observe)")
        : Optional.empty();
  }

  /**
   * A pause and an override hold the limit and refuse no lease: what a client asks for meanwhile is
   * kept and comes into force afterwards. Somebody else's limit, or a refusal, does not speak
   * against an explicit request.
   */
  private Optional<Refusal> lease(Event.LeaseTaken taken, GpuState card) {
    return taken
        .limit()
        .flatMap(limit -> own(limit, card))
        .or(this::observing)
        .or(() -> leasable(card));
  }

  private static Optional<Refusal> leasable(GpuState card) {
    if (card.isLost()) {
      return refused(Cause.NOT_WRITABLE, card.name() + " is lost");
    }
    return card.allowed().isEmpty()
        ? refused(Cause.NOT_WRITABLE, card.name() + " is not written: " + card.whyNotAllowed())
        : Optional.empty();
  }

  private static Optional<Refusal> own(Watts limit, GpuState card) {
    return card.traits()
        .powerRange()
        .filter(range -> !range.contains(limit))
        .flatMap(range ->
            refused(
                Cause.OUT_OF_RANGE,
                limit + " is outside " + range + ", what " + card.name() + " accepts"));
  }

  private Optional<Refusal> override(Event.OverrideSet set, GpuState card) {
    Optional<Refusal> idle = idle();
    if (idle.isPresent()) {
      return idle;
    }
    Optional<String> why = card.whyNotWritable();
    if (why.isPresent()) {
      return refused(Cause.NOT_WRITABLE, card.name() + " is not written: " + why.get());
    }
    PowerRange allowed = card.allowed().orElseThrow();
    if (!allowed.contains(set.limit())) {
      return refused(
          Cause.OUT_OF_RANGE,
          set.limit() + " is outside " + allowed + ", what Chase may set on " + card.name());
    }
    return set.until().isAfter(set.at())
        ? Optional.empty()
        : refused(Cause.OUT_OF_RANGE, "an override must end in the future, not at " + set.until());
  }

  private Optional<Refusal> clear(PolicyScope scope) {
    return switch (scope) {
      case PolicyScope.WholeHost h ->
          refused(Cause.OUT_OF_RANGE, "the host always has a policy; choose another instead");
      case PolicyScope.OneGpu g -> known(scope);
      case PolicyScope.OneJob j -> known(scope);
    };
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
    Optional<Refusal> another =
        started
            .replaces()
            .flatMap(jobs::find)
            .flatMap(left -> another(left.spec(), started.spec()));
    if (another.isPresent()) {
      return another;
    }
    return started.spec().gpus().stream()
        .map(gpu -> occupied(gpu, started.replaces()))
        .flatMap(Optional::stream)
        .findFirst()
        .or(() -> mixed(started.spec()));
  }

  /** Only the same job may take a job's place. */
  private static Optional<Refusal> another(JobSpec left, JobSpec begun) {
    return left.isRunOfTheSame(begun)
        ? Optional.empty()
        : refused(Cause.CONFLICT, "another user, name or GPUs than those of the job left behind");
  }

  private Optional<Refusal> occupied(GpuId gpu, Optional<JobId> instead) {
    Optional<GpuState> card = card(gpu);
    if (card.isEmpty()) {
      return unknown(gpu);
    }
    if (card.get().isLost()) {
      return refused(Cause.NOT_WRITABLE, card.get().name() + " is lost");
    }
    return jobs.on(gpu)
        .filter(job -> !instead.equals(Optional.of(job.id())))
        .flatMap(job ->
            refused(
                Cause.CONFLICT,
                card.get().name() + " is in job " + job.id() + " already; end that first"));
  }

  private Optional<Refusal> mixed(JobSpec spec) {
    GpuState first = card(spec.gpus().getFirst()).orElseThrow();
    return spec.gpus().stream()
        .flatMap(gpu -> card(gpu).stream())
        .filter(card -> !card.traits().model().equals(first.traits().model()))
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

  private static Optional<Refusal> steps(Event.StepsReported done, JobState job) {
    OptionalLong before = job.steps();
    if (done.steps() < 0) {
      return refused(Cause.OUT_OF_RANGE, "a count of steps is never below 0: " + done.steps());
    }
    if (before.isPresent() && done.steps() < before.getAsLong()) {
      return refused(
          Cause.CONFLICT,
          String.format(
              Locale.ROOT,
              "job %s did %d steps already, so %d is no count of all of them",
              job.id(),
              before.getAsLong(),
              done.steps()));
    }
    return job.metricsWith(done).size() <= JobView.JobMetric.MOST
        ? Optional.empty()
        : refused(
            Cause.OUT_OF_RANGE,
            String.format(
                Locale.ROOT,
                "job %s would have more than %d metrics; it has %s",
                job.id(),
                JobView.JobMetric.MOST,
                String.join(", ", job.metrics().keySet())));
  }

  private Optional<Refusal> known(PolicyScope scope) {
    return switch (scope) {
      case PolicyScope.WholeHost h -> Optional.empty();
      case PolicyScope.OneGpu one -> known(one.gpu());
      case PolicyScope.OneJob one -> known(one.job());
    };
  }

  private Optional<Refusal> known(GpuId gpu) {
    return card(gpu).isPresent() ? Optional.empty() : unknown(gpu);
  }

  private Optional<Refusal> known(JobId job) {
    return jobs.find(job).isPresent() ? Optional.empty() : unknown(job);
  }

  private Optional<Refusal> unknown(GpuId gpu) {
    return refused(Cause.UNKNOWN_GPU, "no GPU " + gpu + " here; there are: " + names());
  }

  private String names() {
    return String.join(", ", gpus.stream().map(GpuState::name).toList());
  }

  private Optional<Refusal> unknown(JobId job) {
    return jobs.ended().stream()
        .filter(ended -> ended.id().equals(job))
        .findFirst()
        .map(ended -> refused(Cause.JOB_ENDED, ended.text()))
        .orElseGet(
            () -> refused(Cause.UNKNOWN_JOB, "no job " + job + " runs here; " + jobs.names()));
  }

  private Optional<GpuState> card(GpuId id) {
    return gpus.stream().filter(card -> card.id().equals(id)).findFirst();
  }

  private static Optional<Refusal> refused(Cause cause, String message) {
    return Optional.of(new Refusal(cause, message));
  }
}
