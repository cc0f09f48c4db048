package chase.zeus.engine;

import chase.zeus.energy.EnergyMeter;
import chase.zeus.gpu.GpuId;
import chase.zeus.policy.PowerPolicy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Decides each GPU's power limit. Call {@link #on} from one thread only; the caller carries out the
 * orders and tells what came of each.
 *
 * <p>For every sequence of events: an order lies in the card's range, never above the limit found
 * and, unless somebody leases the card, never below the floor; a card has at most one order on its
 * way; a limit that the card has is not ordered again; in observe mode nothing is ordered.
 */
public final class Engine {
  /** However fast jobs report, decisions because of that lie this far apart. */
  private static final Duration BETWEEN_REPORTS = Duration.ofMillis(100);

  private static final Comparator<GpuState> DRIVERS_ORDER =
      Comparator.comparingInt(card -> card.traits().index());

  private final SafetyRules rules;
  private final List<GpuState> gpus = new ArrayList<>();
  private final Map<GpuId, GpuState> gpusById = new HashMap<>();
  private final JobTable jobs;
  private final UnregisteredWork unregisteredWork;
  private HostState host;

  /** When a report last made everything be decided again. */
  private Instant reportWeighedAt = Instant.EPOCH;

  private volatile Snapshot snapshot;

  /** An engine without GPUs, at {@code start}. */
  public Engine(SafetyRules rules, PowerPolicy policy, Instant start) {
    this.rules = rules;
    this.jobs = new JobTable(rules);
    this.unregisteredWork = new UnregisteredWork(rules);
    this.host = new HostState(start, policy, Optional.empty(), false, false, HostPower.NONE);
    this.snapshot = newSnapshot(List.of(), List.of());
  }

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
    host = host.after(event);
    handle(event);
    if (event instanceof Event.StepsReported done && isCrowded(done.at())) {
      snapshot = jobs.find(done.job()).map(job -> snapshot.withReport(job)).orElse(snapshot);
      return Orders.NONE;
    }
    decideAlone();
    List<JobView> unregistered = decide(unregisteredWork.all());
    List<JobView> registered = decide(jobs.all());
    List<Order> orders =
        gpus.stream().map(card -> card.order(host)).flatMap(Optional::stream).toList();
    snapshot = newSnapshot(registered, unregistered);
    return new Orders(orders);
  }

  /** Whether a report made everything be decided again just now; if not, this one does. */
  private boolean isCrowded(Instant at) {
    boolean crowded =
        !at.isBefore(reportWeighedAt) && at.isBefore(reportWeighedAt.plus(BETWEEN_REPORTS));
    reportWeighedAt = crowded ? reportWeighedAt : at;
    return crowded;
  }

  private void decideAlone() {
    jobs.dropSilent(host.at());
    unregisteredWork.dropSilent(host.at());
    gpus.forEach(card -> card.expire(host.at()));
    gpus.stream().filter(card -> workOn(card.id()).isEmpty()).forEach(this::decideAlone);
  }

  private Optional<JobState> workOn(GpuId gpu) {
    return jobs.on(gpu).or(() -> unregisteredWork.on(gpu));
  }

  private List<JobView> decide(Collection<JobState> working) {
    return working.stream()
        .map(job -> new GpuGroup(job, cardsOf(job), rules.mode()).decide(host))
        .toList();
  }

  private void decideAlone(GpuState card) {
    PowerPolicy policy = card.policy().orElse(host.policy());
    card.decide(host, () -> alone(card, policy));
  }

  private TargetLimit alone(GpuState card, PowerPolicy policy) {
    GpuGroup.PolicyQuery hearing = card.policyQuery(host);
    return hearing.decide(policy, hearing.input(card.progress()), card.policyCache());
  }

  /** In the driver's order, whatever order the job named them in. */
  private List<GpuState> cardsOf(JobState job) {
    return job.spec().gpus().stream()
        .flatMap(gpu -> card(gpu).stream())
        .sorted(DRIVERS_ORDER)
        .toList();
  }

  private void handle(Event event) {
    switch (event) {
      case Event.GpuOpened opened -> open(opened);
      case Event.GpuLost lost -> card(lost.gpu()).ifPresent(card -> card.lost(lost));
      case Event.ReadingFailed failed ->
          card(failed.gpu()).ifPresent(card -> card.notRead(failed.why()));
      case Event.TraitsChanged changed ->
          card(changed.traits().id()).ifPresent(card -> card.changed(changed.traits()));
      case Event.ReadingTaken taken -> card(taken.gpu()).ifPresent(card -> read(card, taken));
      case Event.LimitApplied done -> card(done.gpu()).ifPresent(card -> card.applied(done));
      case Event.LimitFailed failure -> card(failure.gpu()).ifPresent(card -> card.failed(failure));
      case Event.ForeignLimitFound foreign ->
          card(foreign.gpu()).ifPresent(card -> card.writes().adopt(foreign.found(), foreign.at()));
      case Event.OverrideSet set ->
          card(set.gpu()).ifPresent(card -> card.override(set.limit(), set.until()));
      case Event.OverrideReleased released -> card(released.gpu()).ifPresent(GpuState::release);
      case Event.LeaseTaken taken -> card(taken.gpu()).ifPresent(card -> card.lease(taken));
      case Event.LeaseEnded ended -> card(ended.gpu()).ifPresent(GpuState::endLease);
      case Event.PolicyChosen chosen -> choose(chosen.scope(), Optional.of(chosen.policy()));
      case Event.PolicyCleared cleared -> choose(cleared.scope(), Optional.empty());
      case Event.Resumed resumed -> gpus.forEach(card -> card.writes().resume());
      case Event.WorkReported made ->
          card(made.gpu()).ifPresent(card -> card.progressed(Optional.of(made.progress())));
      case Event.JobStarted started -> start(started);
      case Event.StepsReported done -> jobs.find(done.job()).ifPresent(job -> count(job, done));
      case Event.ProfileLoaded known ->
          jobs.find(known.job())
              .flatMap(JobState::profiler)
              .ifPresent(study -> study.load(known.profile(), known.measuredAt()));
      case Event.JobEnded ended -> jobs.end(ended.job(), ended.cause(), ended.at());
      case Event.OutlookChanged e -> {}
      case Event.HostPowerChanged e -> {}
      case Event.TimePassed e -> {}
      case Event.Stopping stop -> gpus.forEach(card -> card.writes().stopping(stop.at()));
      case Event.Paused e -> {}
    }
  }

  private void read(GpuState card, Event.ReadingTaken taken) {
    card.read(taken);
    if (jobs.on(card.id()).isPresent() || card.hasProfile()) {
      unregisteredWork.remove(card.id());
    } else {
      unregisteredWork.onReading(card, taken.reading(), taken.at());
    }
  }

  private void count(JobState job, Event.StepsReported done) {
    List<Optional<EnergyMeter.EnergyUsed>> each =
        cardsOf(job).stream().map(card -> card.energyUsed(done.at())).toList();
    boolean all = each.stream().allMatch(Optional::isPresent);
    job.onReport(
        done,
        all
            ? EnergyMeter.EnergyUsed.mean(each.stream().flatMap(Optional::stream).toList())
            : Optional.empty());
  }

  private void open(Event.GpuOpened opened) {
    card(opened.traits().id())
        .ifPresentOrElse(
            card -> card.reopened(opened),
            () -> {
              GpuState card = new GpuState(rules, opened);
              gpus.add(card);
              gpus.sort(DRIVERS_ORDER);
              gpusById.put(card.id(), card);
            });
  }

  /** What an operator chose, or a new job needs, does not wait for the dwell. */
  private void choose(PolicyScope scope, Optional<PowerPolicy> policy) {
    switch (scope) {
      case PolicyScope.WholeHost h -> gpus.forEach(GpuState::decideAtOnce);
      case PolicyScope.OneGpu one -> {
        card(one.gpu()).ifPresent(card -> card.choose(policy));
        jobs.on(one.gpu())
            .map(this::cardsOf)
            .orElseGet(() -> card(one.gpu()).stream().toList())
            .forEach(GpuState::decideAtOnce);
      }
      case PolicyScope.OneJob one -> {
        jobs.find(one.job()).ifPresent(job -> job.choose(policy));
        jobs.find(one.job()).map(this::cardsOf).orElse(List.of()).forEach(GpuState::decideAtOnce);
      }
    }
  }

  private void start(Event.JobStarted started) {
    jobs.start(started);
    jobs.find(started.job()).map(this::cardsOf).orElse(List.of()).forEach(GpuState::decideAtOnce);
  }

  private Optional<GpuState> card(GpuId id) {
    return Optional.ofNullable(gpusById.get(id));
  }

  /**
   * Why {@code command} would be refused now; empty when {@link #on} would carry it out. For a
   * caller that does something else than the command where it is allowed.
   */
  public Optional<Refusal> refusal(Event.Command command) {
    return new CommandCheck(rules, host, gpus, jobs).refusal(command);
  }

  /**
   * What the policy tells the job on {@code gpu}, and when it wants to be asked again; empty while
   * something else than the policy decides there. Call from the thread that calls {@link #on}.
   */
  public Optional<JobView.Advice> advice(GpuId gpu) {
    return card(gpu).flatMap(GpuState::advice);
  }

  /** The state after the last event; any thread may ask. */
  public Snapshot snapshot() {
    return snapshot;
  }

  private Snapshot newSnapshot(List<JobView> registered, List<JobView> unregistered) {
    return new Snapshot(
        host.at(),
        rules.mode(),
        host.paused(),
        host.policy(),
        host.outlook(),
        host.power(),
        gpus.stream().map(card -> card.view(host.at())).toList(),
        registered,
        policies(),
        leases(),
        unregistered,
        jobs.ended());
  }

  private Map<GpuId, Lease> leases() {
    return gpus.stream()
        .filter(card -> card.hold().lease().isPresent())
        .collect(Collectors.toMap(GpuState::id, card -> card.hold().lease().orElseThrow()));
  }

  private Map<GpuId, PowerPolicy> policies() {
    return gpus.stream()
        .filter(card -> card.policy().isPresent())
        .collect(Collectors.toMap(GpuState::id, card -> card.policy().orElseThrow()));
  }
}
