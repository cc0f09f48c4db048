package chase.zeus.policy;

import chase.zeus.policy.EnergyOutlook.Slot;
import chase.zeus.policy.FiniteJobPlan.WeightedPeriod;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What is owed to a job at one moment.
 *
 * @param progress how far it has come
 * @param bound the slowdown that its owner allows
 */
record JobBudget(JobProgress progress, double bound) {
  /** How far a job of unknown length is planned ahead. */
  private static final double ROLLING_SECONDS = 86_400;

  /** The time that is left, in seconds; a day for a job of unknown length. */
  double secondsLeft() {
    if (progress.remaining().isEmpty()) {
      return ROLLING_SECONDS;
    }
    return progress
        .deadline()
        .map(deadline -> JobProgress.seconds(progress.asOf(), deadline))
        .orElseGet(() ->
            (progress.done() + progress.remaining().getAsDouble()) * (1 + bound)
                - progress.elapsed());
  }

  /**
   * How long the job could stand still and keep the promise at the rate {@code fastest} from then
   * on; negative when it is late. For a job of unknown length it must be kept at every moment.
   */
  double slack(double fastest) {
    return progress.remaining().isPresent()
        ? secondsLeft() - progress.remaining().getAsDouble() / fastest
        : progress.done() * (1 + bound) - progress.elapsed();
  }

  /** How much longer than at full power the job may take, in seconds; of what it did so far. */
  double allowance() {
    if (progress.remaining().isEmpty()) {
      return progress.done() * bound;
    }
    double work = progress.done() + progress.remaining().getAsDouble();
    return Math.max(0, progress.elapsed() + secondsLeft() - work);
  }

  /** The work that must be done after {@code seconds} more, for a job of unknown length. */
  private double owedAfter(double seconds) {
    return (progress.elapsed() + seconds) / (1 + bound) - progress.done();
  }

  /** The cheapest way to keep the promise; empty when the fastest level cannot keep it. */
  Optional<EnergyPlan> plan(EnergyOutlook outlook, Instant now, OperatingCurve curve) {
    double left = secondsLeft();
    if (left <= 0) {
      return Optional.empty();
    }
    PlanHorizon ahead = PlanHorizon.of(outlook, now, left);
    if (progress.remaining().isEmpty()) {
      return rolling(ahead, curve);
    }
    double work = progress.remaining().getAsDouble();
    if (ahead.seconds() >= left - 1e-3) {
      return FiniteJobPlan.of(ahead.periods(), curve, idleWatts(), work);
    }
    return inPart(ahead, curve, work * ahead.seconds() / left);
  }

  private OptionalDouble idleWatts() {
    return progress.pause().isPresent()
        ? OptionalDouble.of(progress.pause().get().idle().value())
        : OptionalDouble.empty();
  }

  /**
   * A job that outlasts what is foreseen does its share of the work in it: the rest is taken to
   * look like this part. One that may not rest never runs slower than is frugal, on average.
   */
  private Optional<EnergyPlan> inPart(PlanHorizon ahead, OperatingCurve curve, double share) {
    OptionalDouble idle = idleWatts();
    OperatingCurve levels = idle.isPresent() ? curve.withPause(idle.getAsDouble()) : curve;
    double frugal =
        idle.isPresent() ? share : Math.max(share, ahead.seconds() * curve.mostEfficientRate());
    return EnergyPlan.of(ahead.slots(ahead.periods().size(), levels), frugal);
  }

  /**
   * A job that may end at any time must have kept its bound whenever it does, so the work owed at
   * the end of every piece is a row of the program. Where the plan for the whole falls behind most,
   * that row binds and the plan up to it is one of its own; what follows is planned later.
   */
  private Optional<EnergyPlan> rolling(PlanHorizon ahead, OperatingCurve curve) {
    int count = ahead.periods().size();
    double work = Math.max(owedAfter(ahead.seconds()), ahead.seconds() * curve.mostEfficientRate());
    Optional<EnergyPlan> fill = EnergyPlan.of(ahead.slots(count, curve), work);
    while (fill.isPresent()) {
      int behind = mostBehind(fill.get());
      if (behind == count) {
        return fill;
      }
      count = behind;
      fill = EnergyPlan.of(ahead.slots(count, curve), owedAtEndOf(ahead, count));
    }
    return fill;
  }

  private double owedAtEndOf(PlanHorizon ahead, int count) {
    return owedAfter(
        ahead.periods().subList(0, count).stream().mapToDouble(p -> p.seconds()).sum());
  }

  /** The number of pieces after which most is owed; all of them when nothing is owed before. */
  private int mostBehind(EnergyPlan fill) {
    int behind = fill.slots().size();
    double most = 1e-6;
    double seconds = 0;
    double done = 0;
    for (int i = 0; i + 1 < fill.slots().size(); i++) {
      seconds += fill.slots().get(i).seconds();
      done += fill.work(i);
      double owed = owedAfter(seconds) - done;
      if (owed > most) {
        most = owed;
        behind = i + 1;
      }
    }
    return behind;
  }

  /**
   * The part of an outlook that lies ahead.
   *
   * @param periods what is foreseen, from now on without gaps; at least one
   * @param seconds how long they are together
   */
  record PlanHorizon(List<WeightedPeriod> periods, double seconds) {
    /** Shorter pieces are rounding, and would only make prices of nothing. */
    private static final double SHORTEST = 1e-6;

    /**
     * The next {@code seconds} of {@code outlook}, or what it foresees of them. A weight holds
     * until the next slot begins. An outlook that has run out is taken to go on with its last
     * weight.
     */
    static PlanHorizon of(EnergyOutlook outlook, Instant now, double seconds) {
      List<WeightedPeriod> pieces = new ArrayList<>(outlook.slots().size());
      double covered = 0;
      for (int i = 0; i < outlook.slots().size() && seconds - covered > SHORTEST; i++) {
        double end = Math.min(seconds, JobProgress.seconds(now, end(outlook.slots(), i)));
        if (end - covered > SHORTEST) {
          pieces.add(new WeightedPeriod(end - covered, outlook.slots().get(i).weight()));
          covered = end;
        }
      }
      if (pieces.isEmpty()) {
        pieces.add(new WeightedPeriod(seconds, outlook.weightAt(now)));
        covered = seconds;
      }
      return new PlanHorizon(List.copyOf(pieces), covered);
    }

    private static Instant end(List<Slot> slots, int i) {
      return i + 1 < slots.size() ? slots.get(i + 1).from() : slots.get(i).to();
    }

    /** The first {@code count} pieces, all with the levels of {@code curve}. */
    List<EnergyPlan.PlanSlot> slots(int count, OperatingCurve curve) {
      return periods.subList(0, count).stream()
          .map(piece -> new EnergyPlan.PlanSlot(piece.seconds(), piece.weight(), curve))
          .toList();
    }
  }
}
