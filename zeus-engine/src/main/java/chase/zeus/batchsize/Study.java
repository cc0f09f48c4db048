package chase.zeus.batchsize;

import chase.zeus.batchsize.StudyException.Kind;
import chase.zeus.batchsize.Trial.Status;
import chase.zeus.profile.PowerProfile;
import chase.zeus.unit.Watts;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Everything that is known of a recurring job. Its spec and its trials rebuild it, and what it
 * would choose next; trials may overlap. Immutable.
 */
public final class Study {
  private final StudySpec spec;
  private final List<Trial> trials;

  private Study(StudySpec spec, List<Trial> trials) {
    this.spec = spec;
    this.trials = Collections.unmodifiableList(trials);
  }

  /** A job that has not run yet. */
  public static Study open(StudySpec spec) {
    return new Study(spec, List.of());
  }

  /**
   * The study that had these trials, in the order in which they were dispatched. Old ones may be
   * missing.
   *
   * @throws IllegalArgumentException for trials that are not of this job
   */
  public static Study rebuild(StudySpec spec, List<Trial> trials) {
    for (int i = 0; i < trials.size(); i++) {
      Trial trial = trials.get(i);
      if (i > 0 && trial.number() <= trials.get(i - 1).number()) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "trial %d stands behind trial %d",
                trial.number(),
                trials.get(i - 1).number()));
      }
      if (!spec.batchSizes().contains(trial.batchSize())) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "trial %d has batch size %d, which is not one of %s",
                trial.number(),
                trial.batchSize(),
                spec.batchSizes()));
      }
    }
    return new Study(spec, new ArrayList<>(trials));
  }

  /** The job. */
  public StudySpec spec() {
    return spec;
  }

  /** Every run that is known, in the order in which they were dispatched. */
  public List<Trial> trials() {
    return trials;
  }

  /** How many runs were dispatched so far, those that are no longer known included. */
  int trialCount() {
    return trials.isEmpty() ? 0 : trials.getLast().number();
  }

  /** The run that has this number, if it is known. */
  public Optional<Trial> trial(int number) {
    int index = index(number);
    return index >= 0 ? Optional.of(trials.get(index)) : Optional.empty();
  }

  private int index(int number) {
    int low = 0;
    int high = trials.size() - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      int found = trials.get(middle).number();
      if (found == number) {
        return middle;
      }
      low = found < number ? middle + 1 : low;
      high = found < number ? high : middle - 1;
    }
    return -1;
  }

  /** The next run, whether or not others still train. */
  public Dispatch startTrial() {
    BatchSizeSearch.Suggestion choice = search().suggest(this);
    Trial trial =
        new Trial(
            trialCount() + 1,
            choice.batchSize(),
            choice.kind(),
            choice.why(),
            search().limits(this, choice.batchSize()),
            Status.RUNNING,
            0,
            TrialUsage.NONE,
            Optional.empty());
    List<Trial> more = new ArrayList<>(trials);
    more.add(trial);
    return new Dispatch(new Study(spec, more), trial);
  }

  /**
   * Whether a run goes on after {@code report}. The processes of one run may all report, late or
   * with slightly less energy than another has: what is more than is known counts.
   *
   * @throws StudyException for an unknown or ended trial, and another batch size than the trial's
   */
  public StudyResult report(TrialReport report) {
    Trial before = running(report.trial());
    if (report.batchSize() != before.batchSize()) {
      throw new StudyException(
          Kind.WRONG_BATCH_SIZE,
          String.format(
              Locale.ROOT,
              "trial %d trains with batch size %d, not %d",
              report.trial(),
              before.batchSize(),
              report.batchSize()));
    }
    Trial trial = before.after(report);
    Study next = with(trial);
    double most = next.costUpperBound(trial.batchSize());
    boolean ahead = next.search().stopsEarly(next, trial.batchSize());
    if (!ahead && cost(trial) > most) {
      return end(
          trial,
          Status.STOPPED,
          String.format(
              Locale.ROOT, "it cost %.4g, above the cost upper bound of %.4g", cost(trial), most));
    }
    if (report.metric().isPresent() && spec.target().isReachedBy(report.metric().getAsDouble())) {
      return end(trial, Status.REACHED, "the target is reached");
    }
    if (trial.epochs() >= spec.maxEpochs()) {
      return end(
          trial,
          Status.EXHAUSTED,
          String.format(Locale.ROOT, "all %d epochs are done", spec.maxEpochs()));
    }
    double cost = next.costAfterOneMore(trial);
    return ahead && cost > most
        ? end(
            trial,
            Status.STOPPED,
            String.format(
                Locale.ROOT,
                "one more epoch would make it cost %.4g, above the cost upper bound of %.4g",
                cost,
                most))
        : new StudyResult(next, trial, "goes on");
  }

  /**
   * The trial's run ended by itself. A trial that has ended already stays as it is.
   *
   * @throws StudyException for an unknown trial
   */
  public Study fail(int number) {
    Trial trial = known(number);
    return trial.isRunning() ? with(trial.ended(Status.FAILED)) : this;
  }

  /**
   * The trial's run was not started, because its caller knows that one epoch would cost more than
   * {@link #costUpperBound}.
   *
   * @throws StudyException for an unknown trial, and one that trains or has ended
   */
  public Study decline(int number) {
    Trial trial = running(number);
    if (trial.epochs() > 0) {
      throw new StudyException(Kind.STALE, "trial " + number + " has begun to train");
    }
    return with(trial.ended(Status.DECLINED));
  }

  /**
   * The most that a run of {@code batchSize} may cost before it is stopped; infinite when nothing
   * is known yet.
   *
   * @throws StudyException for a batch size that is not on offer
   */
  public double costUpperBound(int batchSize) {
    if (!spec.batchSizes().contains(batchSize)) {
      throw new StudyException(
          Kind.WRONG_BATCH_SIZE,
          String.format(
              Locale.ROOT, "batch size %d is not one of %s", batchSize, spec.batchSizes()));
    }
    return search().costUpperBound(this, batchSize);
  }

  /** What is believed of each batch size. */
  public Explanation explain() {
    return search().explain(this);
  }

  /** What a trial has cost so far. */
  public double cost(Trial trial) {
    return spec.cost().of(trial.usage());
  }

  /** Whether a run reached its target at no cost at all: then nothing was measured of it. */
  boolean isUnmeasured(Trial trial) {
    return trial.reached() && cost(trial) == 0;
  }

  /**
   * What was measured of the power limits with {@code batchSize}: for each limit the latest
   * measurement. Throughput is epochs a second.
   */
  public Optional<PowerProfile> profile(int batchSize) {
    return Profiles.of(trials, batchSize);
  }

  /** The limit under which an epoch costs least, of those that were measured. */
  Optional<Watts> bestLimit(int batchSize) {
    double weight = meanWeight();
    return profile(batchSize).map(profile -> spec.cost().cheapest(profile, weight).limit());
  }

  /** What an epoch costs under the best limit that was measured; empty before one was. */
  OptionalDouble epochCost(int batchSize) {
    double weight = meanWeight();
    return profile(batchSize)
        .map(profile -> spec.cost().ofEpoch(spec.cost().cheapest(profile, weight), weight))
        .map(OptionalDouble::of)
        .orElseGet(OptionalDouble::empty);
  }

  /** What a joule weighed on average, over all runs; 1 before any was used. */
  double meanWeight() {
    double joules = 0;
    double weighted = 0;
    for (Trial trial : trials) {
      joules += trial.usage().energy().value();
      weighted += trial.usage().weightedJoules();
    }
    return joules > 0 ? weighted / joules : 1;
  }

  /** Zeus's arithmetic: what is done counts as if all its epochs had been like the next. */
  private double costAfterOneMore(Trial trial) {
    double epoch = epochCost(trial.batchSize()).orElseGet(() -> cost(trial) / trial.epochs());
    return (trial.epochs() + 1) * epoch;
  }

  private StudyResult end(Trial trial, Status status, String message) {
    Trial ended = trial.ended(status);
    return new StudyResult(with(ended), ended, message);
  }

  private Study with(Trial trial) {
    List<Trial> changed = new ArrayList<>(trials);
    changed.set(index(trial.number()), trial);
    return new Study(spec, changed);
  }

  private Trial known(int number) {
    return trial(number)
        .orElseThrow(() -> new StudyException(Kind.UNKNOWN_TRIAL, "there is no trial " + number));
  }

  private Trial running(int number) {
    Trial trial = known(number);
    if (!trial.isRunning()) {
      throw new StudyException(
          Kind.ENDED, String.format(Locale.ROOT, "trial %d has ended: %s", number, trial.status()));
    }
    return trial;
  }

  private BatchSizeSearch search() {
    return switch (spec.method()) {
      case CHASE -> new ChaseSearch();
      case ZEUS -> new ZeusSearch();
    };
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Study study && spec.equals(study.spec) && trials.equals(study.trials);
  }

  @Override
  public int hashCode() {
    return Objects.hash(spec, trials);
  }

  @Override
  public String toString() {
    return "Study[" + spec + ", " + trials + "]";
  }
}
