package chase.zeus.batchsize;

import chase.zeus.batchsize.StudyRefused.Kind;
import chase.zeus.batchsize.Trial.Status;
import chase.zeus.profile.PowerProfile;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Everything that is known of a recurring job. Its spec and its trials rebuild it, and what it
 * would choose next; trials may overlap.
 *
 * @param spec the job
 * @param trials every run so far, in the order in which they were dispatched
 */
public record Study(StudySpec spec, List<Trial> trials) {
  /** Refuses trials that are not of this job, with an {@link IllegalArgumentException}. */
  public Study {
    trials = List.copyOf(trials);
    for (int i = 0; i < trials.size(); i++) {
      Trial trial = trials.get(i);
      if (trial.number() != i + 1) {
        throw new IllegalArgumentException(
            "trial %d stands where trial %d belongs".formatted(trial.number(), i + 1));
      }
      if (!spec.batchSizes().contains(trial.batchSize())) {
        throw new IllegalArgumentException(
            "trial %d has batch size %d, which is not one of %s"
                .formatted(trial.number(), trial.batchSize(), spec.batchSizes()));
      }
    }
  }

  /** A job that has not run yet. */
  public static Study open(StudySpec spec) {
    return new Study(spec, List.of());
  }

  /** The run that has this number, if it was dispatched. */
  public Optional<Trial> trial(int number) {
    return number >= 1 && number <= trials.size()
        ? Optional.of(trials.get(number - 1))
        : Optional.empty();
  }

  /** The next run, whether or not others still train. */
  public Dispatch dispatch() {
    Choice choice = policy().choose(this);
    Trial trial =
        new Trial(
            trials.size() + 1,
            choice.batchSize(),
            choice.kind(),
            choice.why(),
            policy().limits(this, choice.batchSize()),
            Status.RUNNING,
            0,
            Spending.NONE,
            Optional.empty());
    List<Trial> more = new ArrayList<>(trials);
    more.add(trial);
    return new Dispatch(new Study(spec, more), trial);
  }

  /**
   * Whether a run goes on after {@code report}. The same report once more is answered once more.
   *
   * @throws StudyRefused for an unknown or ended trial, another batch size than the trial's, and a
   *     report that is older than the last
   */
  public Answer report(Report report) {
    Trial before = running(report.trial());
    if (report.batchSize() != before.batchSize()) {
      throw new StudyRefused(
          Kind.WRONG_BATCH_SIZE,
          "trial %d trains with batch size %d, not %d"
              .formatted(report.trial(), before.batchSize(), report.batchSize()));
    }
    if (isRepeated(report, before)) {
      return new Answer(this, before, "already reported");
    }
    requireProgress(report, before);
    Trial trial = before.after(report, Status.RUNNING);
    if (report.metric().isPresent() && spec.target().reachedBy(report.metric().getAsDouble())) {
      return end(trial, Status.REACHED, "the target is reached");
    }
    if (report.epoch() >= spec.maxEpochs()) {
      return end(trial, Status.EXHAUSTED, "all %d epochs are done".formatted(spec.maxEpochs()));
    }
    Study next = with(trial);
    double most = next.allowance(trial.batchSize());
    double cost = next.costAfterOneMore(trial);
    return cost > most
        ? end(
            trial,
            Status.STOPPED,
            "one more epoch would make it cost %.4g, and it may cost %.4g".formatted(cost, most))
        : new Answer(next, trial, "goes on");
  }

  /**
   * The trial's run ended by itself. A trial that has ended already stays as it is.
   *
   * @throws StudyRefused for an unknown trial
   */
  public Study fail(int number) {
    Trial trial = known(number);
    return trial.isRunning() ? with(trial.ended(Status.FAILED)) : this;
  }

  /**
   * The trial's run was not started, because its caller knows that one epoch would cost more than
   * {@link #allowance}.
   *
   * @throws StudyRefused for an unknown trial, and one that trains or has ended
   */
  public Study decline(int number) {
    Trial trial = running(number);
    if (trial.epochs() > 0) {
      throw new StudyRefused(Kind.STALE, "trial " + number + " has begun to train");
    }
    return with(trial.ended(Status.DECLINED));
  }

  /**
   * The most that a run of {@code batchSize} may cost before it is stopped; infinite when nothing
   * is known yet.
   *
   * @throws StudyRefused for a batch size that is not on offer
   */
  public double allowance(int batchSize) {
    if (!spec.batchSizes().contains(batchSize)) {
      throw new StudyRefused(
          Kind.WRONG_BATCH_SIZE,
          "batch size %d is not one of %s".formatted(batchSize, spec.batchSizes()));
    }
    return policy().allowance(this, batchSize);
  }

  /** What is believed of each batch size. */
  public Explanation explain() {
    return policy().explain(this);
  }

  /** What a trial has cost so far. */
  public double cost(Trial trial) {
    return spec.cost().of(trial.spending());
  }

  /**
   * What was measured of the power limits with {@code batchSize}: for each limit the latest
   * measurement. Throughput is epochs a second.
   */
  public Optional<PowerProfile> profile(int batchSize) {
    return Profiles.of(trials, batchSize);
  }

  /** Zeus's arithmetic: what is done counts as if all its epochs had been like the next. */
  private double costAfterOneMore(Trial trial) {
    double epoch =
        profile(trial.batchSize())
            .map(profile -> spec.cost().ofEpoch(spec.cost().cheapest(profile)))
            .orElseGet(() -> cost(trial) / trial.epochs());
    return (trial.epochs() + 1) * epoch;
  }

  private Answer end(Trial trial, Status status, String message) {
    Trial ended = trial.ended(status);
    return new Answer(with(ended), ended, message);
  }

  private Study with(Trial trial) {
    List<Trial> changed = new ArrayList<>(trials);
    changed.set(trial.number() - 1, trial);
    return new Study(spec, changed);
  }

  private Trial known(int number) {
    return trial(number)
        .orElseThrow(() -> new StudyRefused(Kind.UNKNOWN_TRIAL, "there is no trial " + number));
  }

  private Trial running(int number) {
    Trial trial = known(number);
    if (!trial.isRunning()) {
      throw new StudyRefused(
          Kind.ENDED, "trial %d has ended: %s".formatted(number, trial.status()));
    }
    return trial;
  }

  private static boolean isRepeated(Report report, Trial before) {
    return report.epoch() == before.epochs() && report.spending().equals(before.spending());
  }

  private static void requireProgress(Report report, Trial before) {
    if (report.epoch() <= before.epochs()) {
      throw new StudyRefused(
          Kind.STALE,
          "trial %d has reported epoch %d already, and now epoch %d"
              .formatted(report.trial(), before.epochs(), report.epoch()));
    }
    if (!report.spending().continues(before.spending())) {
      throw new StudyRefused(
          Kind.STALE,
          "trial %d has used less after epoch %d than after epoch %d"
              .formatted(report.trial(), report.epoch(), before.epochs()));
    }
  }

  private BatchSizePolicy policy() {
    return switch (spec.method()) {
      case CHASE -> new ChaseSampling();
      case ZEUS -> new ZeusSampling();
    };
  }
}
