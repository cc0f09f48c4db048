package chase.zeus.batchsize.trace;

import chase.zeus.batchsize.EnergyTimeCost;
import chase.zeus.batchsize.SearchMethod;
import chase.zeus.batchsize.Study;
import chase.zeus.batchsize.StudyResult;
import chase.zeus.batchsize.StudySpec;
import chase.zeus.batchsize.Trial;
import chase.zeus.batchsize.TrialReport;
import chase.zeus.batchsize.TrialUsage;
import chase.zeus.profile.PowerProfile;
import chase.zeus.profile.PowerProfile.Point;
import chase.zeus.unit.Joules;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;

/**
 * Lets a job recur on its trace, one run after the other, by the rules of Zeus's own simulator: the
 * first epoch under several limits takes their mean; a run that does not reach the target is
 * followed by another, and each draws one of the recorded runs.
 *
 * @param trace the recorded runs
 * @param cost what the study minimises
 * @param beta when a run is stopped; see {@link StudySpec}
 */
public record TraceReplay(JobTrace trace, EnergyTimeCost cost, Optional<Double> beta) {
  private static final int MAX_TRIES = 20;

  /**
   * Refuses a default batch size that is not recorded, and a target that it or every batch size
   * misses, with {@link IllegalArgumentException}.
   */
  public TraceReplay {
    TracedJob job = trace.job();
    if (!trace.batchSizes().contains(job.defaultBatchSize())) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "the default batch size %d is not one of %s",
              job.defaultBatchSize(),
              trace.batchSizes()));
    }
    if (JobTrace.ExpectedRun.best(trace, cost).isEmpty()) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "no batch size on record reaches the target %s within %d epochs",
              job.target().value(),
              job.maxEpochs()));
    }
    if (atFullPower(trace).isEmpty()) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "the default batch size %d never reaches the target %s within %d epochs on record",
              job.defaultBatchSize(),
              job.target().value(),
              job.maxEpochs()));
    }
  }

  /** As many recurrences as Zeus was evaluated with: twice the choices that there are. */
  public int zeusRecurrences() {
    return 2 * trace.batchSizes().size() * trace.limits().size();
  }

  /**
   * Replays the job. Every method draws the same runs: the nth run of a recurrence with one batch
   * size is the same, whatever happened before.
   *
   * @param seed of the draws of runs and of the study's random numbers
   * @throws TargetMissedException when 20 runs of one recurrence did not reach the target
   */
  public ReplayOutcome run(SearchMethod method, int recurrences, long seed) {
    Random recurrenceSeeds = new Random(seed);
    Study study = Study.open(spec(method, seed));
    List<TrialUsage> spent = new ArrayList<>();
    for (int i = 0; i < recurrences; i++) {
      TrialUsage recurrence = TrialUsage.NONE;
      Random draws = new Random(recurrenceSeeds.nextLong());
      boolean reached = false;
      for (int tries = 0; !reached; tries++) {
        if (tries == MAX_TRIES) {
          throw new TargetMissedException(
              String.format(
                  Locale.ROOT,
                  "recurrence %d did not reach the target in %d tries",
                  i + 1,
                  MAX_TRIES));
        }
        StudyResult started = study.startTrial();
        study = train(started, draws);
        Trial trial = study.trial(started.trial().number()).orElseThrow();
        recurrence = recurrence.plus(trial.usage());
        reached = trial.reached();
      }
      spent.add(recurrence);
    }
    return new ReplayOutcome(spent, study, baseline(), optimum(), cost);
  }

  private StudySpec spec(SearchMethod method, long seed) {
    TracedJob job = trace.job();
    return new StudySpec(
        trace.batchSizes(),
        job.defaultBatchSize(),
        job.target(),
        job.maxEpochs(),
        cost,
        beta,
        trace.limits(),
        0,
        method,
        seed);
  }

  /** The default batch size at its highest limit. */
  public JobTrace.ExpectedRun baseline() {
    return atFullPower(trace).orElseThrow();
  }

  /** The recorded batch size and limit that cost least. */
  public JobTrace.ExpectedRun optimum() {
    return JobTrace.ExpectedRun.best(trace, cost).orElseThrow();
  }

  private static Optional<JobTrace.ExpectedRun> atFullPower(JobTrace trace) {
    int size = trace.job().defaultBatchSize();
    return JobTrace.ExpectedRun.of(trace, size, trace.size(size).profile().points().getLast());
  }

  private Study train(StudyResult started, Random draws) {
    Trial trial = started.trial();
    JobTrace.Size size = trace.size(trial.batchSize());
    Optional<Integer> target = size.epochs().get(draws.nextInt(size.epochs().size()));
    Study study = started.study();
    if (cannotAffordOneEpoch(study, size, trial)) {
      return study.decline(trial.number());
    }
    Optional<PowerProfile> measured = measured(trial, size);
    TrialUsage usage = TrialUsage.NONE;
    for (int epoch = 1; ; epoch++) {
      TrialUsage used =
          epoch == 1 && measured.isPresent()
              ? mean(measured.get())
              : epoch(limit(study, trial, size));
      usage = usage.plus(used);
      boolean reached = target.isPresent() && target.get() == epoch;
      StudyResult result =
          study.report(
              new TrialReport(
                  trial.number(),
                  trial.batchSize(),
                  epoch,
                  usage,
                  reached ? Optional.of(trace.job().target().value()) : Optional.empty(),
                  epoch == 1 ? measured : Optional.empty()));
      study = result.study();
      if (result.stop()) {
        return study;
      }
    }
  }

  /** Zeus's simulator knows the profile, and so the cost of an epoch, before it starts a run. */
  private boolean cannotAffordOneEpoch(Study study, JobTrace.Size size, Trial trial) {
    return study.spec().method() == SearchMethod.ZEUS
        && cost.ofEpoch(cost.cheapest(size.profile())) > study.costUpperBound(trial.batchSize());
  }

  private static Optional<PowerProfile> measured(Trial trial, JobTrace.Size size) {
    return switch (trial.limits()) {
      case Trial.LimitPlan.Measure plan ->
          Optional.of(
              new PowerProfile(
                  plan.limits().stream()
                      .flatMap(limit -> size.profile().at(limit).stream())
                      .toList()));
      case Trial.LimitPlan.Fixed fixed -> Optional.empty();
      case Trial.LimitPlan.Free free -> Optional.empty();
    };
  }

  private Point limit(Study study, Trial trial, JobTrace.Size size) {
    return switch (trial.limits()) {
      case Trial.LimitPlan.Measure plan ->
          cost.cheapest(study.profile(trial.batchSize()).orElseThrow());
      case Trial.LimitPlan.Fixed fixed -> size.profile().at(fixed.limit()).orElseThrow();
      case Trial.LimitPlan.Free free -> size.profile().points().getLast();
    };
  }

  private static TrialUsage mean(PowerProfile profile) {
    double energy = 0;
    double seconds = 0;
    for (Point point : profile.points()) {
      energy += point.joulesPerStep();
      seconds += 1 / point.throughput();
    }
    int limits = profile.points().size();
    return TrialUsage.of(new Joules(energy / limits), seconds / limits);
  }

  private static TrialUsage epoch(Point point) {
    double seconds = 1 / point.throughput();
    return TrialUsage.of(new Joules(seconds * point.power().value()), seconds);
  }

  /** A recurrence had as many runs as Zeus allows, and none reached the target. */
  public static final class TargetMissedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    TargetMissedException(String message) {
      super(message);
    }
  }
}
