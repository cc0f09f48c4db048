package chase.zeus.engine;

import chase.zeus.gpu.PowerRange;
import chase.zeus.policy.PowerPolicy;
import chase.zeus.policy.Situation;
import chase.zeus.unit.Watts;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The GPUs of one job. They get one limit, since the slowest stalls all: what the policy decides
 * for one of them within the limits that all may have. A GPU that an operator, another writer or
 * its own trouble holds is left out.
 *
 * @param job the job
 * @param cards its GPUs
 * @param mode whether anything is done about them; who only observes tells no job to pause
 */
record Team(Job job, List<Card> cards, Mode mode) {

  /** Decides for every card, and lets the job know how it is run. */
  JobView decide(Host host) {
    Optional<PowerRange> range = range();
    Optional<Case> decided =
        cards.stream()
            .filter(card -> card.followsPolicy(host))
            .findFirst()
            .map(card -> decided(card.hearing(host).within(range.orElseThrow())));
    cards.forEach(card -> card.decide(host, () -> decided.orElseThrow().wish()));
    job.run(
        range,
        range.isEmpty() || cards.stream().allMatch(card -> card.hasAtLeast(range.get().max())),
        pauses(decided),
        host.at());
    return view(host, decided);
  }

  private boolean pauses(Optional<Case> decided) {
    return mode == Mode.CONTROL
        && decided.flatMap(heard -> heard.wish().advice()).filter(Advice::pause).isPresent();
  }

  /** What one policy decided. */
  private record Case(PowerPolicy policy, Situation situation, Wish wish) {
    Optional<Foresight> ahead() {
      return wish.advice()
          .flatMap(Advice::until)
          .filter(until -> until.isAfter(situation.at()))
          .map(until -> new Foresight(policy, situation, until));
    }

    /** The limit that is meant; the one found is above all that may be chosen. */
    Watts limit() {
      return wish.limit().orElse(new Watts(Double.MAX_VALUE));
    }
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
    return policies(hearing.host()).stream()
        .map(policy -> decided(hearing, policy))
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
    Wish wish = hearing.under(policy, situation);
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
        job.ignoresPauses());
  }
}
