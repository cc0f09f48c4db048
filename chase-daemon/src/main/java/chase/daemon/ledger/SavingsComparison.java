package chase.daemon.ledger;

import chase.zeus.profile.PowerHull;
import chase.zeus.profile.PowerProfile;
import chase.zeus.profile.PowerProfile.Point;
import chase.zeus.unit.Watts;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * What one job's work on one GPU would have used under other plans; pure.
 *
 * @param fullPower at full power
 * @param carbonBlind under the cheapest plan that ignores the grid and is at most as slow; empty
 *     where the profile was not measured that low
 */
record SavingsComparison(
    Map<Aspect, ComparedFigure> fullPower, Map<Aspect, ComparedFigure> carbonBlind) {
  /** The explanation in reports. */
  static final String METHOD =
      "Both plans do the same work on the profile that was measured of the job. Full power: the"
          + " work, in seconds at full power, at the draw under the highest limit measured."
          + " Carbon-blind: the constant mix of two neighbouring limits on the lower convex hull of"
          + " the profile that takes the least energy, with the host's, and is at most as slow."
          + " Both at the mean carbon intensity and price of the time in which the job ran; time"
          + " beside its steps, such as a checkpoint, is taken as it was. Jobs of which no profile"
          + " was measured are not compared.";

  private static final double JOULES_PER_KWH = 3.6e6;
  private static final double JOULES_PER_MWH = 3.6e9;

  /** Noise may make a job look slightly slower than the slowest limit that was measured. */
  private static final double NOISE = 0.03;

  /** What is compared. */
  enum Aspect {
    JOULES,
    JOULES_WITH_HOST,
    GRAMS,
    GRAMS_WITH_HOST,
    MONEY,
    MONEY_WITH_HOST
  }

  /** One figure, as it was and as it would have been. */
  record ComparedFigure(double used, double alternative) {
    ComparedFigure plus(ComparedFigure more) {
      return new ComparedFigure(used + more.used, alternative + more.alternative);
    }
  }

  /**
   * The energy of a plan.
   *
   * @param joules of the GPU
   * @param hostJoules of the host
   */
  private record Plan(double joules, double hostJoules) {}

  /** Compares the usage of one job on one GPU; empty where too little is known. */
  static Optional<SavingsComparison> of(Usage.UsageTotal total, PowerProfile profile) {
    if (!(total.doneSeconds > 0) || !(total.elapsedSeconds > 0) || total.energySeconds == 0) {
      return Optional.empty();
    }
    double host = total.hostSeconds > 0 ? total.hostJoules / total.hostSeconds : 0;
    // Not the hull's fastest: work that a limit does not slow has its full power off the hull.
    Watts fullPower = profile.points().getLast().power();
    Plan full = plan(total, fullPower.value(), total.doneSeconds, host);
    return Optional.of(
        new SavingsComparison(
            against(total, full),
            carbonBlind(total, profile, host).map(plan -> against(total, plan)).orElse(Map.of())));
  }

  private static Optional<Plan> carbonBlind(
      Usage.UsageTotal total, PowerProfile profile, double host) {
    PowerHull hull = PowerHull.of(profile);
    double top = profile.fullThroughput();
    double rate = Math.min(1, total.doneSeconds / total.elapsedSeconds) * top;
    Point frugal = hull.plus(new Watts(host)).mostEfficient();
    double slowest = hull.points().getFirst().throughput();
    double best = Math.max(rate, frugal.throughput());
    if (best < slowest * (1 - NOISE)) {
      return Optional.empty();
    }
    double used = Math.max(best, slowest);
    return Optional.of(plan(total, hull.wattsAt(used), total.doneSeconds * top / used, host));
  }

  private static Plan plan(Usage.UsageTotal total, double watts, double seconds, double host) {
    double restJoules = Math.max(0, total.joules - total.workJoules);
    double restSeconds = Math.max(0, total.seconds - total.elapsedSeconds);
    return new Plan(restJoules + watts * seconds, host * (restSeconds + seconds));
  }

  private static Map<Aspect, ComparedFigure> against(Usage.UsageTotal total, Plan plan) {
    Map<Aspect, ComparedFigure> figures = new EnumMap<>(Aspect.class);
    figures.put(Aspect.JOULES, new ComparedFigure(total.joules, plan.joules()));
    boolean host = total.hostSeconds > 0;
    double whole = plan.joules() + plan.hostJoules();
    if (host) {
      figures.put(
          Aspect.JOULES_WITH_HOST, new ComparedFigure(total.joules + total.hostJoules, whole));
    }
    if (total.carbonSeconds > 0 && total.joules > 0) {
      double gramsPerJoule =
          total.intensitySeconds
              / total.carbonSeconds
              / JOULES_PER_KWH
              * (total.weighedJoules / total.joules);
      figures.put(Aspect.GRAMS, new ComparedFigure(total.grams, plan.joules() * gramsPerJoule));
      if (host) {
        figures.put(
            Aspect.GRAMS_WITH_HOST,
            new ComparedFigure(total.grams + total.hostGrams, whole * gramsPerJoule));
      }
    }
    total.paidInOneCurrency().ifPresent(paid -> addMoney(figures, total, paid, plan));
    return figures;
  }

  private static void addMoney(
      Map<Aspect, ComparedFigure> figures,
      Usage.UsageTotal total,
      Usage.UsageTotal.Paid paid,
      Plan plan) {
    if (!(paid.seconds > 0) || !(total.joules > 0)) {
      return;
    }
    double moneyPerJoule =
        paid.priceSeconds / paid.seconds / JOULES_PER_MWH * (paid.joules / total.joules);
    figures.put(Aspect.MONEY, new ComparedFigure(paid.money, plan.joules() * moneyPerJoule));
    if (total.hostSeconds > 0) {
      figures.put(
          Aspect.MONEY_WITH_HOST,
          new ComparedFigure(
              paid.money + paid.hostMoney, (plan.joules() + plan.hostJoules()) * moneyPerJoule));
    }
  }
}
