package chase.zeus.engine;

import chase.zeus.energy.EnergyMeter.EnergyUsed;
import chase.zeus.engine.JobView.PauseAdvice;
import chase.zeus.engine.KeptState.OperatorPause;
import chase.zeus.gpu.GpuId;
import chase.zeus.policy.PowerPolicy;
import chase.zeus.writes.RaiseSlew;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Decides each GPU's power limit. Call {@link #on} from one thread only; the caller carries out the
 * orders and reports the result of each as another event.
 *
 * <p>For every sequence of events: an order lies in the GPU's power range, never above the original
 * limit and, unless the GPU is leased, never below the floor; a GPU has at most one pending order;
 * a limit that the GPU has is not ordered again; in observe mode nothing is ordered; limits rise no
 * faster and are written no more often than the rules' {@link SafetyRules#writes bounds} allow.
 */
public final class Engine {
  /** The shortest time between two decisions that step reports cause, however fast jobs report. */
  private static final Duration BETWEEN_REPORTS = Duration.ofMillis(100);

  private SafetyRules rules;
  private final GpuTable gpus = new GpuTable();
  private final JobTable jobs;
  private final UnregisteredWork unregistered;
  private final RaiseSlew slew;
  private final PolicyChoices policies = new PolicyChoices();
  private final Instant start;
  private HostState host;

  /** When a step report last caused a decision. */
  private Instant reportDecidedAt = Instant.EPOCH;

  private volatile Snapshot snapshot;

  /** The response to an event: orders, or the refusal of a command. */
  public sealed interface Response permits Orders, Refusal {
    /** The orders to carry out, at most one for each GPU; none after a refusal. */
    List<Order> orders();
  }

  /** The event was handled. */
  public record Orders(List<Order> orders) implements Response {
    private static final Orders NONE = new Orders(List.of());

    /** Copies the list. */
    public Orders {
      orders = List.copyOf(orders);
    }
  }

  /** An engine without GPUs, at {@code start}. */
  public Engine(SafetyRules rules, PowerPolicy policy, Instant start) {
    this.rules = rules;
    this.start = start;
    this.jobs = new JobTable(rules);
    this.unregistered = new UnregisteredWork(rules);
    this.slew = new RaiseSlew(rules.writes(), start);
    this.host = HostState.starting(start, policy);
    this.snapshot = newSnapshot(List.of(), List.of(), List.of(), Map.of());
  }

  /**
   * Handles an event and decides again. A command that is refused changes nothing. Step reports
   * that come faster than ten times a second are counted at once, and decided on with the next
   * event.
   */
  public Response on(Event event) {
    if (event instanceof Event.Command command) {
      Optional<Refusal> refusal = refusal(command);
      if (refusal.isPresent()) {
        return refusal.get();
      }
    }
    passTime(event.at());
    switch (event) {
      case Event.GpuEvent concerned -> handle(concerned);
      case Event.JobEvent concerned -> handle(concerned);
      case Event.HostEvent concerned -> handle(concerned);
    }
    return event instanceof Event.StepsReported report && isTooEarly(report.at())
        ? counted(report.job())
        : decide();
  }

  /**
   * Why {@code command} would be refused now; empty when {@link #on} would carry it out. For a
   * caller that must know this before it sends the command.
   */
  public Optional<Refusal> refusal(Event.Command command) {
    return new CommandCheck(rules, host, gpus.all(), jobs, policies).refusal(command);
  }

  /**
   * What the policy advises the job on {@code gpu}, and until when; empty while no policy decides
   * about the GPU. Call from the thread that calls {@link #on}.
   */
  public Optional<PauseAdvice> advice(GpuId gpu) {
    return gpus.find(gpu).flatMap(GpuState::advice);
  }

  /** The state after the last event; callable from any thread. */
  public Snapshot snapshot() {
    return snapshot;
  }

  /** All that has to outlive a restart. Call from the thread that calls {@link #on}. */
  public KeptState kept() {
    return new KeptState(
        host.at(),
        host.configured(),
        host.pause(),
        policies.all(),
        gpus.kept(host.at()),
        jobs.kept(),
        jobs.ended().stream().limit(KeptState.MOST_ENDED).toList());
  }

  /** The GPUs do not wait for the minimum dwell when a pause, or the trial of a policy, is over. */
  private void passTime(Instant now) {
    boolean paused = host.pause().isPresent();
    host = host.withTime(now);
    policies.rollBack(now).forEach(this::followChoice);
    if (paused && host.pause().isEmpty()) {
      gpus.all().forEach(GpuState::decideAtOnce);
    }
  }

  private void handle(Event.GpuEvent event) {
    if (event instanceof Event.GpuOpened opened && gpus.find(opened.gpu()).isEmpty()) {
      add(new GpuState(rules, opened));
      return;
    }
    gpus.find(event.gpu())
        .ifPresent(gpu -> {
          gpu.handle(event);
          if (event instanceof Event.ReadingTaken taken) {
            count(gpu, taken);
          }
        });
  }

  private void add(GpuState gpu) {
    gpus.add(gpu);
    gpu.choose(policies.in(new PolicyScope.OneGpu(gpu.id())));
  }

  private void count(GpuState gpu, Event.ReadingTaken taken) {
    Optional<JobState> job = jobs.on(gpu.id());
    if (job.isPresent() || gpu.hasProfile()) {
      unregistered.remove(gpu.id());
      job.ifPresent(registered -> count(registered, gpu, taken));
    } else {
      unregistered.onReading(gpu, taken.reading(), taken.at());
    }
  }

  /** The GPUs count the work of a job that reports none, unless they have a profile. */
  private void count(JobState job, GpuState gpu, Event.ReadingTaken taken) {
    List<GpuState> theirs = gpus.of(job);
    if (rules.mode() == SafetyRules.Mode.CONTROL
        && theirs.stream().noneMatch(GpuState::hasProfile)) {
      taken
          .reading()
          .activity()
          .ifPresent(activity ->
              job.onActivity(gpu.id(), activity, taken.at(), energyUsed(theirs, taken.at())));
    }
  }

  private void handle(Event.JobEvent event) {
    switch (event) {
      case Event.JobStarted started -> gpus.of(jobs.start(started)).forEach(GpuState::decideAtOnce);
      case Event.StepsReported report ->
          jobs.find(report.job())
              .ifPresent(job -> job.onReport(report, energyUsed(gpus.of(job), report.at())));
      case Event.ProfileLoaded loaded ->
          jobs.find(loaded.job())
              .flatMap(JobState::profiler)
              .ifPresent(profiler -> profiler.load(loaded.profile(), loaded.measuredAt()));
      case Event.JobEnded ended -> jobs.end(ended.job(), ended.cause(), ended.at());
    }
  }

  private static Optional<EnergyUsed> energyUsed(List<GpuState> gpus, Instant at) {
    return EnergyUsed.mean(gpus.stream().map(gpu -> gpu.energyUsed(at)).toList());
  }

  private void handle(Event.HostEvent event) {
    switch (event) {
      case Event.OutlookChanged changed -> host = host.withOutlook(changed.outlook());
      case Event.HostPowerChanged changed -> host = host.withPower(changed.power());
      case Event.RulesChanged changed -> apply(changed);
      case Event.PolicyChosen chosen -> {
        policies.choose(chosen);
        followChoice(chosen.scope());
      }
      case Event.PolicyConfirmed confirmed -> policies.confirm(confirmed.scope());
      case Event.PolicyCleared cleared -> {
        policies.clear(cleared.scope());
        followChoice(cleared.scope());
      }
      case Event.Paused paused ->
          host = host.withPause(Optional.of(new OperatorPause(paused.at(), paused.until())));
      case Event.Resumed r -> {
        host = host.withPause(Optional.empty());
        gpus.all().forEach(GpuState::resume);
      }
      case Event.Stopping s -> {
        host = host.withStopping();
        slew.stopping(gpus.all().stream().mapToDouble(GpuState::wattsToRestore).sum());
        gpus.all().forEach(gpu -> gpu.stop(host.at()));
      }
      case Event.Restarted restarted -> restart(restarted.kept());
      case Event.TimePassed t -> {}
    }
  }

  private void restart(KeptState kept) {
    host = host.withPause(kept.pause()).withTime(host.at());
    gpus.restart(kept);
    jobs.restart(kept, host.at());
    policies.restart(kept, host.configured());
    policies.all().keySet().forEach(this::followChoice);
  }

  private void apply(Event.RulesChanged changed) {
    if (changed.rules().mode() != rules.mode()) {
      throw new IllegalArgumentException("the mode does not change while Chase runs");
    }
    boolean anotherFloor = changed.rules().floorRatio() != rules.floorRatio();
    rules = changed.rules();
    jobs.apply(rules);
    unregistered.apply(rules);
    slew.apply(rules.writes());
    gpus.all().forEach(gpu -> gpu.apply(rules));
    if (anotherFloor) {
      gpus.all().forEach(GpuState::decideAtOnce);
    }
    changed.policy().ifPresent(this::configure);
  }

  /** The configured policy is a later word about the host than an earlier choice. */
  private void configure(PowerPolicy policy) {
    host = host.withConfigured(policy);
    policies.clear(new PolicyScope.WholeHost());
    followChoice(new PolicyScope.WholeHost());
  }

  /** A policy that an operator chose does not wait for the minimum dwell. */
  private void followChoice(PolicyScope scope) {
    Optional<PowerPolicy> policy = policies.in(scope);
    switch (scope) {
      case PolicyScope.WholeHost h -> {
        host = host.withChoice(policy);
        gpus.all().forEach(GpuState::decideAtOnce);
      }
      case PolicyScope.OneGpu one -> {
        gpus.find(one.gpu()).ifPresent(gpu -> gpu.choose(policy));
        jobs.on(one.gpu())
            .map(gpus::of)
            .orElseGet(() -> gpus.find(one.gpu()).stream().toList())
            .forEach(GpuState::decideAtOnce);
      }
      case PolicyScope.OneJob one ->
          jobs.find(one.job())
              .ifPresent(job -> {
                job.choose(policy);
                gpus.of(job).forEach(GpuState::decideAtOnce);
              });
    }
  }

  /** Whether a step report caused a decision a moment ago; if not, this one does. */
  private boolean isTooEarly(Instant at) {
    boolean early =
        !at.isBefore(reportDecidedAt) && at.isBefore(reportDecidedAt.plus(BETWEEN_REPORTS));
    reportDecidedAt = early ? reportDecidedAt : at;
    return early;
  }

  /** Shows the counts of a report without deciding on them. */
  private Orders counted(JobId id) {
    JobState job = jobs.find(id).orElseThrow();
    List<JobView> views =
        snapshot.jobs().stream()
            .map(view -> view.id().equals(id) ? view.withReports(job.reports()) : view)
            .toList();
    snapshot = newSnapshot(snapshot.gpus(), views, snapshot.unregistered(), snapshot.leases());
    return Orders.NONE;
  }

  private Orders decide() {
    jobs.dropSilent(host.at());
    unregistered.dropSilent(host.at());
    policies.forgetEnded(job -> jobs.find(job).isPresent());
    gpus.all().forEach(gpu -> gpu.expire(host.at()));
    gpus.all().stream()
        .filter(gpu -> jobs.on(gpu.id()).or(() -> unregistered.on(gpu.id())).isEmpty())
        .forEach(gpu -> gpu.decideAlone(host));
    List<JobView> unregisteredViews = decide(unregistered.all());
    List<JobView> views = decide(jobs.all());
    List<Order> orders =
        gpus.all().stream().map(gpu -> gpu.order(host, slew)).flatMap(Optional::stream).toList();
    snapshot =
        newSnapshot(
            gpus.all().stream().map(gpu -> gpu.view(host.at())).toList(),
            views,
            unregisteredViews,
            gpus.held(LimitHold::lease));
    return new Orders(orders);
  }

  private List<JobView> decide(Collection<JobState> running) {
    return running.stream()
        .map(job -> new GpuGroup(job, gpus.of(job), rules.mode()).decide(host))
        .toList();
  }

  private Snapshot newSnapshot(
      List<GpuView> gpuViews,
      List<JobView> jobViews,
      List<JobView> unregisteredViews,
      Map<GpuId, Lease> leases) {
    return new Snapshot(
        host.at(),
        rules.mode(),
        pauses(),
        host.policy(),
        host.outlook(),
        host.power(),
        gpuViews,
        jobViews,
        new Snapshot.Requests(start, policies.all(), gpus.held(LimitHold::override)),
        leases,
        unregisteredViews,
        jobs.ended());
  }

  private Snapshot.Pauses pauses() {
    return new Snapshot.Pauses(host.pause(), gpus.held(LimitHold::pause));
  }
}
