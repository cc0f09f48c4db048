package chase.daemon.ledger;

import chase.zeus.profile.PowerHull;
import chase.zeus.profile.PowerProfile;
import chase.zeus.profile.PowerProfile.Point;
import chase.zeus.unit.Watts;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * What one job's work on one GPU would have taken otherwise; pure.
 *
 * @param fullPower at full power
 * @param carbonBlind under the cheapest plan that does not look at the grid and is at most as slow;
 *     empty where the profile was not measured that low
 */
record SavingsComparison(
    Map<Aspect, ComparedFigure> fullPower, Map<Aspect, ComparedFigure> carbonBlind) {
  /** How reports say it. */
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

  /** Noise may make a job look a bit slower than the slowest limit that was measured. */
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

  /** Compares what is known of one job on one GPU; empty where that is not enough. */
  static Optional<SavingsComparison> of(Usage.UsageTotal known, PowerProfile profile) {
    if (!(known.doneSeconds > 0) || !(known.elapsedSeconds > 0) || known.energySeconds == 0) {
      return Optional.empty();
    }
    PowerHull hull = PowerHull.of(profile);
    double host = known.hostSeconds > 0 ? known.hostJoules / known.hostSeconds : 0;
    Plan full = plan(known, hull.fastest().power().value(), known.doneSeconds, host);
    return Optional.of(
        new SavingsComparison(
            against(known, full),
            blind(known, hull, host).map(plan -> against(known, plan)).orElse(Map.of())));
  }

  private static Optional<Plan> blind(Usage.UsageTotal known, PowerHull hull, double host) {
    double top = hull.fastest().throughput();
    double rate = Math.min(1, known.doneSeconds / known.elapsedSeconds) * top;
    Point frugal = hull.plus(new Watts(host)).mostEfficient();
    double slowest = hull.points().getFirst().throughput();
    double best = Math.max(rate, frugal.throughput());
    if (best < slowest * (1 - NOISE)) {
      return Optional.empty();
    }
    double used = Math.max(best, slowest);
    return Optional.of(plan(known, hull.wattsAt(used), known.doneSeconds * top / used, host));
  }

  private static Plan plan(Usage.UsageTotal known, double watts, double seconds, double host) {
    double restJoules = Math.max(0, known.joules - known.workJoules);
    double restSeconds = Math.max(0, known.seconds - known.elapsedSeconds);
    return new Plan(restJoules + watts * seconds, host * (restSeconds + seconds));
  }

  private static Map<Aspect, ComparedFigure> against(Usage.UsageTotal known, Plan plan) {
    Map<Aspect, ComparedFigure> figures = new EnumMap<>(Aspect.class);
    figures.put(Aspect.JOULES, new ComparedFigure(known.joules, plan.joules()));
    boolean host = known.hostSeconds > 0;
    double whole = plan.joules() + plan.hostJoules();
    if (host) {
      figures.put(
          Aspect.JOULES_WITH_HOST, new ComparedFigure(known.joules + known.hostJoules, whole));
    }
    if (known.carbonSeconds > 0 && known.joules > 0) {
      double gramsPerJoule =
          known.intensitySeconds
              / known.carbonSeconds
              / JOULES_PER_KWH
              * (known.weighedJoules / known.joules);
      figures.put(Aspect.GRAMS, new ComparedFigure(known.grams, plan.joules() * gramsPerJoule));
      if (host) {
        figures.put(
            Aspect.GRAMS_WITH_HOST,
            new ComparedFigure(known.grams + known.hostGrams, whole * gramsPerJoule));
      }
    }
    known.onlyPaid().ifPresent(paid -> pay(figures, known, paid, plan));
    return figures;
  }

  private static void pay(
      Map<Aspect, ComparedFigure> figures,
      Usage.UsageTotal known,
      Usage.UsageTotal.Paid paid,
      Plan plan) {
    if (!(paid.seconds > 0) || !(known.joules > 0)) {
      return;
    }
    double moneyPerJoule =
        paid.priceSeconds / paid.seconds / JOULES_PER_MWH * (paid.joules / known.joules);
    figures.put(Aspect.MONEY, new ComparedFigure(paid.money, plan.joules() * moneyPerJoule));
    if (known.hostSeconds > 0) {
      figures.put(
          Aspect.MONEY_WITH_HOST,
          new ComparedFigure(
              paid.money + paid.hostMoney, (plan.joules() + plan.hostJoules()) * moneyPerJoule));
    }
  }
}
