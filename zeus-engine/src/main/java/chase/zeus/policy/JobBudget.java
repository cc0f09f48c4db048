package chase.zeus.policy;

import chase.zeus.policy.EnergyOutlook.Slot;
import chase.zeus.policy.EnergyPlan.PlanSlot;
import chase.zeus.policy.FiniteJobPlan.WeightedPeriod;
import chase.zeus.policy.JobProgress.PauseState;
import chase.zeus.unit.Watts;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The slowdown budget of a job at one moment, and the plan that keeps it.
 *
 * @param progress how far it has come
 * @param bound the slowdown that its owner allows
 */
record JobBudget(JobProgress progress, double bound) {
  /** The planning horizon of a job of unknown length, in the grid's time. */
  private static final double ROLLING_SECONDS = 86_400;

  /** The budget at {@code at}, when the job continues at {@code rate} until then. */
  JobBudget expectedAt(Instant at, double rate) {
    return new JobBudget(progress.expectedAt(at, rate), bound);
  }

  /** The time that is left for {@code remaining} work, in seconds. */
  private double secondsLeft(double remaining) {
    return progress
        .deadline()
        .map(deadline -> JobProgress.seconds(progress.asOf(), deadline))
        .orElseGet(() -> (progress.done() + remaining) * (1 + bound) - progress.elapsed());
  }

  /**
   * How long the job could stand still and still keep its bound at the rate {@code fastest} from
   * then on; negative when it is late. A job of unknown length must keep it at every moment.
   */
  double slack(double fastest) {
    return progress.remaining().isPresent()
        ? secondsLeft(progress.remaining().get()) - progress.remaining().get() / fastest
        : progress.done() * (1 + bound) - progress.elapsed();
  }

  /**
   * How much longer than at full power the job may take, in seconds; for a job of unknown length,
   * on the work done so far.
   */
  double allowance() {
    if (progress.remaining().isEmpty()) {
      return progress.done() * bound;
    }
    double remaining = progress.remaining().get();
    double work = progress.done() + remaining;
    return Math.max(0, progress.elapsed() + secondsLeft(remaining) - work);
  }

  /** The work that a job of unknown length must do in the next {@code seconds}. */
  private double workDueAfter(double seconds) {
    return (progress.elapsed() + seconds) / (1 + bound) - progress.done();
  }

  /** The cheapest plan that keeps the bound; empty when the fastest level cannot keep it. */
  Optional<EnergyPlan> plan(EnergyOutlook outlook, Instant now, OperatingCurve curve) {
    double left =
        progress.remaining().map(this::secondsLeft).orElse(ROLLING_SECONDS / outlook.speed());
    if (left <= 0) {
      return Optional.empty();
    }
    PlanHorizon horizon = PlanHorizon.of(outlook, now, left);
    if (progress.remaining().isEmpty()) {
      return rolling(horizon, curve);
    }
    double work = progress.remaining().get();
    if (horizon.seconds() >= left - 1e-3) {
      return FiniteJobPlan.of(horizon.periods(), curve, idle(), work);
    }
    return inPart(horizon, curve, work * horizon.seconds() / left);
  }

  private Optional<Watts> idle() {
    return progress.pause().map(PauseState::idle);
  }

  /**
   * A job that outlasts the forecast does its share of the work in it: the time after it is assumed
   * to be similar. A job that may not pause never runs slower than its most efficient rate, on
   * average.
   */
  private Optional<EnergyPlan> inPart(PlanHorizon horizon, OperatingCurve curve, double share) {
    double work =
        idle().isPresent() ? share : Math.max(share, horizon.seconds() * curve.mostEfficientRate());
    return EnergyPlan.of(horizon.slots(horizon.periods().size(), curve.withPause(idle())), work);
  }

  /**
   * A job that may end at any time must have kept its bound whenever it does, so the work due at
   * the end of every period is a constraint of the program. Where the plan for the whole falls
   * behind most, that constraint is active and the plan up to it is a plan of its own; what follows
   * is planned later.
   */
  private Optional<EnergyPlan> rolling(PlanHorizon horizon, OperatingCurve curve) {
    int count = horizon.periods().size();
    double work =
        Math.max(workDueAfter(horizon.seconds()), horizon.seconds() * curve.mostEfficientRate());
    Optional<EnergyPlan> plan = EnergyPlan.of(horizon.slots(count, curve), work);
    while (plan.isPresent()) {
      int behind = periodsToMostDue(plan.get());
      if (behind == count) {
        return plan;
      }
      count = behind;
      plan = EnergyPlan.of(horizon.slots(count, curve), workDueAtEndOf(horizon, count));
    }
    return plan;
  }

  private double workDueAtEndOf(PlanHorizon horizon, int count) {
    return workDueAfter(
        horizon.periods().subList(0, count).stream().mapToDouble(p -> p.seconds()).sum());
  }

  /** The number of periods after which most work is due; all of them when none is due before. */
  private int periodsToMostDue(EnergyPlan plan) {
    int behind = plan.slots().size();
    double most = 1e-6;
    double seconds = 0;
    double done = 0;
    for (int i = 0; i + 1 < plan.slots().size(); i++) {
      seconds += plan.slots().get(i).seconds();
      done += plan.work(i);
      double due = workDueAfter(seconds) - done;
      if (due > most) {
        most = due;
        behind = i + 1;
      }
    }
    return behind;
  }

  /**
   * The periods of an outlook that a plan covers.
   *
   * @param periods the forecast from now on, without gaps; one or more
   * @param seconds their total length
   */
  record PlanHorizon(List<WeightedPeriod> periods, double seconds) {
    /** Shorter periods are rounding errors. */
    private static final double SHORTEST = 1e-6;

    /**
     * The next {@code seconds} of {@code outlook}, or as much of them as it covers. A weight holds
     * until the next slot begins. An outlook that has run out is assumed to continue with its last
     * weight.
     */
    static PlanHorizon of(EnergyOutlook outlook, Instant now, double seconds) {
      List<WeightedPeriod> periods = new ArrayList<>(outlook.slots().size());
      double covered = 0;
      for (int i = 0; i < outlook.slots().size() && seconds - covered > SHORTEST; i++) {
        double end = Math.min(seconds, JobProgress.seconds(now, end(outlook.slots(), i)));
        if (end - covered > SHORTEST) {
          periods.add(new WeightedPeriod(end - covered, outlook.slots().get(i).weight()));
          covered = end;
        }
      }
      if (periods.isEmpty()) {
        periods.add(new WeightedPeriod(seconds, outlook.weightAt(now)));
        covered = seconds;
      }
      return new PlanHorizon(List.copyOf(periods), covered);
    }

    private static Instant end(List<Slot> slots, int i) {
      return i + 1 < slots.size() ? slots.get(i + 1).from() : slots.get(i).to();
    }

    /** The first {@code count} periods, all with the levels of {@code curve}. */
    List<PlanSlot> slots(int count, OperatingCurve curve) {
      return periods.subList(0, count).stream()
          .map(period -> new PlanSlot(period.seconds(), period.weight(), curve))
          .toList();
    }
  }
}
