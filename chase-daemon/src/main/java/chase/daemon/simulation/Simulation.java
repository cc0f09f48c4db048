package chase.daemon.simulation;

import chase.zeus.policy.PowerPolicy;
import chase.zeus.replay.ForecastView;
import chase.zeus.replay.JobOutcome;
import chase.zeus.replay.Replay;
import chase.zeus.replay.ReplayJob;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;

/** One job at many starts, under any number of policies, on all cores. Immutable. */
public final class Simulation {
  private static final int ETAS = 50;
  private static final int POINTS = 12;

  private final RecordedEnergy energy;
  private final Replay replay;
  private final List<ReplayJob> jobs;
  private final ForecastView forecast;
  private final Runnable progress;
  private final List<JobOutcome> atFullPower;

  /**
   * A simulation; replays the jobs at full power at once.
   *
   * @param energy the grid, whose weight {@code replay} goes by
   * @param jobs the same job at different starts, one at least
   * @param progress called after every replayed job, from any thread
   */
  public Simulation(
      RecordedEnergy energy,
      Replay replay,
      List<ReplayJob> jobs,
      ForecastView forecast,
      Runnable progress) {
    this.energy = energy;
    this.replay = replay;
    this.jobs = List.copyOf(jobs);
    this.forecast = forecast;
    this.progress = progress;
    this.atFullPower =
        all(job -> replay.run(PowerPolicy.max(), withoutPause(job), ForecastView.PERSISTENCE));
  }

  private static ReplayJob withoutPause(ReplayJob job) {
    return new ReplayJob(job.start(), job.atFullPower(), Optional.empty());
  }

  /**
   * How often {@code progress} will be called.
   *
   * @param budgets how many policies are compared with baselines
   * @param frontier whether the frontier is computed
   */
  public static int replays(int jobs, int policies, int budgets, boolean frontier) {
    return jobs * (1 + policies + budgets * (1 + ETAS) + (frontier ? POINTS + 1 : 0));
  }

  private <T> List<T> all(Function<ReplayJob, T> replayed) {
    return IntStream.range(0, jobs.size())
        .parallel()
        .mapToObj(i -> {
          T outcome = replayed.apply(jobs.get(i));
          progress.run();
          return outcome;
        })
        .toList();
  }

  /** The outcome of each start under {@code policy}. */
  public List<JobOutcome> outcomes(SimulatedPolicy policy) {
    return all(job -> policy.run(replay, job, forecast));
  }

  /** The means of {@code outcomes}. */
  public PolicyResult.Summary summary(String policy, List<JobOutcome> outcomes) {
    return PolicyResult.Summary.of(policy, outcomes, atFullPower, energy);
  }

  /**
   * What a budget is compared with. All savings are of what policies try to save: the carbon,
   * unless prices count.
   *
   * @param blind what the even mix of two limits with the same slowdowns saves
   * @param optimum what the exact optimum within the bound saves
   * @param captured the share of the difference that the budget captured; empty when there is none
   * @param chaseEta the eta with which the paper's rule saves most within the bound, chosen in
   *     hindsight; empty when it keeps the bound with none
   * @param chaseSaving what it saves
   */
  public record Baselines(
      double blind,
      double optimum,
      Optional<Double> captured,
      Optional<Double> chaseEta,
      double chaseSaving) {}

  /** The baselines of a budget with {@code bound} whose starts had these outcomes. */
  public Baselines baselines(double bound, List<JobOutcome> outcomes) {
    double blind = blindSaving(outcomes);
    double optimum = summary("", all(job -> replay.optimum(bound, job))).weightSaving();
    double budget = summary("", outcomes).weightSaving();
    Optional<Double> captured =
        optimum - blind > 1e-6
            ? Optional.of((budget - blind) / (optimum - blind))
            : Optional.empty();
    Optional<Double> eta = Optional.empty();
    double best = 0;
    for (int i = 1; i <= ETAS; i++) {
      double candidate = (double) i / ETAS;
      PolicyResult.Summary chase = chase(candidate);
      if (chase.slowdown() <= bound && (eta.isEmpty() || chase.weightSaving() > best)) {
        eta = Optional.of(candidate);
        best = chase.weightSaving();
      }
    }
    return new Baselines(blind, optimum, captured, eta, best);
  }

  /**
   * A point of the frontier.
   *
   * @param slowdown the slowdown allowed
   * @param optimum the share that the exact optimum saves
   * @param blind the share that the even mix of two limits saves
   */
  public record FrontierPoint(double slowdown, double optimum, double blind) {}

  /**
   * What can be saved at slowdowns up to {@code maximum}, for which the recording must be long
   * enough.
   */
  public List<FrontierPoint> frontier(double maximum) {
    return IntStream.rangeClosed(0, POINTS)
        .mapToObj(i -> maximum * i / POINTS)
        .map(bound -> {
          List<JobOutcome> outcomes = all(job -> replay.optimum(bound, job));
          return new FrontierPoint(
              bound, summary("", outcomes).weightSaving(), blindSaving(outcomes));
        })
        .toList();
  }

  private PolicyResult.Summary chase(double eta) {
    PowerPolicy policy = PowerPolicy.chase(eta, Optional.empty());
    return summary("", all(job -> replay.run(policy, withoutPause(job), forecast)));
  }

  /** What the even mix saves with the slowdown of each of {@code outcomes}. */
  public double blindSaving(List<JobOutcome> outcomes) {
    return IntStream.range(0, jobs.size())
        .mapToDouble(i ->
            PolicyResult.Summary.saved(
                replay.blindCost(outcomes.get(i).slowdown(), jobs.get(i)),
                atFullPower.get(i).cost()))
        .average()
        .orElseThrow();
  }
}
