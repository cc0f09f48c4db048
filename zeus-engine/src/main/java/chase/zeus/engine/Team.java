package chase.zeus.engine;

import chase.zeus.gpu.PowerRange;
import chase.zeus.policy.PowerPolicy;
import chase.zeus.policy.Situation;
import chase.zeus.profile.ProfileEvent;
import chase.zeus.unit.Watts;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The GPUs of one job. They get one limit, since the slowest stalls all: what the policy decides
 * for one of them within the limits that all may have, or what is tried to learn from the job. A
 * GPU that an operator, another writer or its own trouble holds is left out.
 *
 * @param job the job
 * @param cards its GPUs
 * @param mode whether anything is done about them; who only observes tells no job to pause
 */
record Team(Job job, List<Card> cards, Mode mode) {

  /** Decides for every card, and lets the job know how it is run. */
  JobView decide(Host host) {
    Optional<PowerRange> range = range();
    Optional<Case> judged =
        cards.stream()
            .filter(card -> card.followsPolicy(host))
            .findFirst()
            .map(card -> decided(card.hearing(host).within(range.orElseThrow())));
    Optional<Case> decided =
        job.study()
            .filter(study -> mode == Mode.CONTROL && isWorthMeasuring(range))
            .map(study -> studied(study, host, range, judged))
            .orElse(judged);
    cards.forEach(card -> card.decide(host, () -> decided.orElseThrow().wish()));
    job.run(
        range,
        range.isEmpty() || cards.stream().allMatch(card -> card.hasAtLeast(range.get().max())),
        pauses(decided),
        inForce(),
        host.at());
    return view(host, decided);
  }

  /** What was decided, unless something else is tried instead. */
  private Optional<Case> studied(
      Study study, Host host, Optional<PowerRange> range, Optional<Case> judged) {
    Optional<ProfileEvent.Reason> hindrance =
        cards.stream().map(card -> card.hindrance(host)).flatMap(Optional::stream).findFirst();
    if (hindrance.isPresent() || judged.isEmpty() || range.isEmpty()) {
      study.stop(hindrance.orElse(ProfileEvent.Reason.GPU_LOST), host.at());
      return judged;
    }
    PowerRange own = cards.getFirst().traits().powerRange().orElse(range.get());
    study.attend(
        Chance.of(judged.get(), own, range.get(), policies(host), job.secondsLeft()),
        job.usualStretch());
    return study.active() && !judged.get().pauses()
        ? judged.map(heard -> heard.with(trial(study, range.get())))
        : judged;
  }

  /** A job that runs at one limit whatever is known of it is measured only if it may rest. */
  private boolean isWorthMeasuring(Optional<PowerRange> range) {
    return job.spec().idle().isPresent()
        || range.filter(only -> only.min().sameLimitAs(only.max())).isEmpty();
  }

  private Wish trial(Study study, PowerRange range) {
    return new Wish(
        Optional.of(study.wanted().orElse(range.max())),
        new Reason.Profiling(job.id(), study.state().orElseThrow()));
  }

  private Optional<Watts> inForce() {
    Optional<Watts> wanted = job.study().flatMap(Study::wanted).filter(this::areUnder);
    return wanted.or(() -> cards.getFirst().inForce().filter(this::areUnder));
  }

  private boolean areUnder(Watts limit) {
    return cards.stream().allMatch(card -> card.isUnder(limit));
  }

  private boolean pauses(Optional<Case> decided) {
    return mode == Mode.CONTROL && decided.filter(Case::pauses).isPresent();
  }

  /** The limits that all cards may have: where they share none, the least of their highest. */
  private Optional<PowerRange> range() {
    List<PowerRange> each = cards.stream().map(Card::allowed).flatMap(Optional::stream).toList();
    Optional<Watts> max = each.stream().map(PowerRange::max).min(Comparator.naturalOrder());
    Optional<Watts> min = each.stream().map(PowerRange::min).max(Comparator.naturalOrder());
    return max.map(highest -> new PowerRange(min.orElseThrow().min(highest), highest));
  }

  /** Where policies of single GPUs differ, the highest limit counts. */
  private Case decided(Hearing hearing) {
    Hearing known = hearing.knowing(job.study().flatMap(Study::profile));
    return policies(hearing.host()).stream()
        .map(policy -> decided(known, policy))
        .max(Comparator.comparing(Case::limit))
        .orElseThrow();
  }

  private List<PowerPolicy> policies(Host host) {
    return job.policy()
        .map(List::of)
        .orElseGet(() ->
            cards.stream().map(card -> card.policy().orElse(host.policy())).distinct().toList());
  }

  private Case decided(Hearing hearing, PowerPolicy policy) {
    Situation situation = hearing.situation(job.progress());
    Wish wish = hearing.under(policy, situation, job.judge());
    boolean measures =
        policy.countsWork() && situation.progress().isEmpty() && wish.advice().isPresent();
    return new Case(policy, situation, measures ? measuring(hearing) : wish);
  }

  private Wish measuring(Hearing hearing) {
    return new Wish(Optional.of(hearing.allowed().max()), new Reason.Measuring(job.id()));
  }

  private JobView view(Host host, Optional<Case> decided) {
    PowerPolicy policy = decided.map(Case::policy).orElseGet(() -> policies(host).getFirst());
    return new JobView(
        job.id(),
        job.spec(),
        policy,
        job.startedAt(),
        job.heardAt(),
        job.steps(),
        job.recentSpeed(),
        job.fullSpeed(),
        job.progress(),
        decided.flatMap(heard -> policy.slack(heard.situation())),
        decided.flatMap(heard -> heard.wish().limit()),
        decided.flatMap(heard -> heard.wish().advice()),
        decided.flatMap(Case::ahead),
        pauses(decided),
        job.ignoresPauses(),
        job.profile(),
        job.metrics());
  }
}
