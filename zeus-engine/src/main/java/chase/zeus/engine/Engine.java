package chase.zeus.engine;

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

  private static final Comparator<Card> DRIVERS_ORDER =
      Comparator.comparingInt(card -> card.traits().index());

  private final Rules rules;
  private final List<Card> cards = new ArrayList<>();
  private final Map<GpuId, Card> cardsById = new HashMap<>();
  private final Jobs jobs;
  private final Occupants occupants;
  private Host host;

  /** When a report last made everything be decided again. */
  private Instant reportWeighedAt = Instant.EPOCH;

  private volatile Snapshot snapshot;

  /** An engine without GPUs, at {@code start}. */
  public Engine(Rules rules, PowerPolicy policy, Instant start) {
    this.rules = rules;
    this.jobs = new Jobs(rules);
    this.occupants = new Occupants(rules);
    this.host = new Host(start, policy, Optional.empty(), false, false, HostPower.NONE);
    this.snapshot = snap(List.of(), List.of());
  }

  /**
   * Takes in what happened and says what to do: at most one order for each GPU. Reports that come
   * faster than ten times a second are counted at once, and weighed with whatever comes next.
   *
   * @throws IllegalArgumentException for a command that {@link #refusal} refuses
   */
  public List<Order> on(Event event) {
    if (event instanceof Event.Command command) {
      refusal(command)
          .ifPresent(refused -> {
            throw new IllegalArgumentException(refused.message());
          });
    }
    host = host.after(event);
    note(event);
    if (event instanceof Event.StepsDone done && isCrowded(done.at())) {
      snapshot = jobs.find(done.job()).map(job -> snapshot.counting(job)).orElse(snapshot);
      return List.of();
    }
    decideAlone();
    List<JobView> unregistered = decide(occupants.all());
    List<JobView> registered = decide(jobs.all());
    List<Order> orders =
        cards.stream().map(card -> card.order(host)).flatMap(Optional::stream).toList();
    snapshot = snap(registered, unregistered);
    return orders;
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
    occupants.dropSilent(host.at());
    cards.forEach(card -> card.settle(host.at()));
    cards.stream().filter(card -> workOn(card.id()).isEmpty()).forEach(this::decideAlone);
  }

  private Optional<Job> workOn(GpuId gpu) {
    return jobs.on(gpu).or(() -> occupants.on(gpu));
  }

  private List<JobView> decide(Collection<Job> working) {
    return working.stream()
        .map(job -> new Team(job, cardsOf(job), rules.mode()).decide(host))
        .toList();
  }

  private void decideAlone(Card card) {
    PowerPolicy policy = card.policy().orElse(host.policy());
    card.decide(host, () -> alone(card, policy));
  }

  private Wish alone(Card card, PowerPolicy policy) {
    Hearing hearing = card.hearing(host);
    return hearing.under(policy, hearing.situation(card.progress()), card.judge());
  }

  /** In the driver's order, whatever order the job named them in. */
  private List<Card> cardsOf(Job job) {
    return job.spec().gpus().stream()
        .flatMap(gpu -> card(gpu).stream())
        .sorted(DRIVERS_ORDER)
        .toList();
  }

  private void note(Event event) {
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
      case Event.OverrideReleased released -> card(released.gpu()).ifPresent(Card::release);
      case Event.LeaseTaken taken -> card(taken.gpu()).ifPresent(card -> card.lease(taken));
      case Event.LeaseEnded ended -> card(ended.gpu()).ifPresent(Card::endLease);
      case Event.PolicyChosen chosen -> choose(chosen.scope(), Optional.of(chosen.policy()));
      case Event.PolicyCleared cleared -> choose(cleared.scope(), Optional.empty());
      case Event.Resumed resumed -> cards.forEach(card -> card.writes().resume());
      case Event.Progressed made ->
          card(made.gpu()).ifPresent(card -> card.progressed(Optional.of(made.progress())));
      case Event.JobStarted started -> start(started);
      case Event.StepsDone done -> jobs.find(done.job()).ifPresent(job -> count(job, done));
      case Event.ProfileKnown known ->
          jobs.find(known.job())
              .flatMap(Job::study)
              .ifPresent(study -> study.remember(known.profile(), known.measuredAt()));
      case Event.JobEnded ended -> jobs.end(ended.job(), ended.how(), ended.at());
      case Event.OutlookChanged e -> {}
      case Event.HostPowerTold e -> {}
      case Event.TimePassed e -> {}
      case Event.Stopping stop -> cards.forEach(card -> card.writes().stopping(stop.at()));
      case Event.Paused e -> {}
    }
  }

  private void read(Card card, Event.ReadingTaken taken) {
    card.read(taken);
    if (jobs.on(card.id()).isPresent() || card.hasProfile()) {
      occupants.leave(card.id());
    } else {
      occupants.read(card, taken.reading(), taken.at());
    }
  }

  private void count(Job job, Event.StepsDone done) {
    List<Optional<Spent>> each = cardsOf(job).stream().map(card -> card.spent(done.at())).toList();
    boolean all = each.stream().allMatch(Optional::isPresent);
    job.count(
        done,
        all ? Spent.mean(each.stream().flatMap(Optional::stream).toList()) : Optional.empty());
  }

  private void open(Event.GpuOpened opened) {
    card(opened.traits().id())
        .ifPresentOrElse(
            card -> card.reopened(opened),
            () -> {
              Card card = new Card(rules, opened);
              cards.add(card);
              cards.sort(DRIVERS_ORDER);
              cardsById.put(card.id(), card);
            });
  }

  /** What an operator chose, or a new job needs, does not wait for the dwell. */
  private void choose(Scope scope, Optional<PowerPolicy> policy) {
    switch (scope) {
      case Scope.WholeHost h -> cards.forEach(Card::decideAtOnce);
      case Scope.OneGpu one -> {
        card(one.gpu()).ifPresent(card -> card.choose(policy));
        jobs.on(one.gpu())
            .map(this::cardsOf)
            .orElseGet(() -> card(one.gpu()).stream().toList())
            .forEach(Card::decideAtOnce);
      }
      case Scope.OneJob one -> {
        jobs.find(one.job()).ifPresent(job -> job.choose(policy));
        jobs.find(one.job()).map(this::cardsOf).orElse(List.of()).forEach(Card::decideAtOnce);
      }
    }
  }

  private void start(Event.JobStarted started) {
    jobs.start(started);
    jobs.find(started.job()).map(this::cardsOf).orElse(List.of()).forEach(Card::decideAtOnce);
  }

  private Optional<Card> card(GpuId id) {
    return Optional.ofNullable(cardsById.get(id));
  }

  /** Why {@code command} cannot be done; empty when {@link #on} would do it. */
  public Optional<Refusal> refusal(Event.Command command) {
    return new Gate(rules, host, cards, jobs).refusal(command);
  }

  /**
   * What the policy tells the job on {@code gpu}, and when it wants to be asked again; empty while
   * something else than the policy decides there. Call from the thread that calls {@link #on}.
   */
  public Optional<Advice> advice(GpuId gpu) {
    return card(gpu).flatMap(Card::advice);
  }

  /** The state after the last event; any thread may ask. */
  public Snapshot snapshot() {
    return snapshot;
  }

  private Snapshot snap(List<JobView> registered, List<JobView> unregistered) {
    return new Snapshot(
        host.at(),
        rules.mode(),
        host.paused(),
        host.policy(),
        host.outlook(),
        host.power(),
        cards.stream().map(card -> card.view(host.at())).toList(),
        registered,
        policies(),
        leases(),
        unregistered,
        jobs.ended());
  }

  private Map<GpuId, Lease> leases() {
    return cards.stream()
        .filter(card -> card.tenure().lease().isPresent())
        .collect(Collectors.toMap(Card::id, card -> card.tenure().lease().orElseThrow()));
  }

  private Map<GpuId, PowerPolicy> policies() {
    return cards.stream()
        .filter(card -> card.policy().isPresent())
        .collect(Collectors.toMap(Card::id, card -> card.policy().orElseThrow()));
  }
}
