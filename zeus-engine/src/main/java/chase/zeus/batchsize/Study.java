package chase.zeus.batchsize;

import chase.zeus.batchsize.StudyException.StudyFailure;
import chase.zeus.batchsize.Trial.Status;
import chase.zeus.profile.PowerProfile;
import chase.zeus.profile.PowerProfile.Point;
import chase.zeus.unit.Watts;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Everything that is known of a recurring job. What it suggests next follows from its spec and its
 * trials alone; trials may overlap. Immutable.
 *
 * @param spec the job
 * @param trials every known trial, in the order in which they were started; old ones may be missing
 */
public record Study(StudySpec spec, List<Trial> trials) {
  /** Refuses trials that are not of this job with {@link IllegalArgumentException}. */
  public Study {
    trials = List.copyOf(trials);
    for (int i = 0; i < trials.size(); i++) {
      Trial trial = trials.get(i);
      if (i > 0 && trial.number() <= trials.get(i - 1).number()) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "trial %d follows trial %d",
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
  }

  /** A job that has not run yet. */
  public static Study open(StudySpec spec) {
    return new Study(spec, List.of());
  }

  /** How many trials were started so far, including those that are no longer known. */
  int trialCount() {
    return trials.isEmpty() ? 0 : trials.getLast().number();
  }

  /** The trial that has this number, if it is known. */
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

  /** The next trial, whether or not others still train. */
  public StudyResult startTrial() {
    BatchSizeSearch.Suggestion suggestion = search().suggest(this);
    Trial trial =
        new Trial(
            trialCount() + 1,
            suggestion.batchSize(),
            suggestion.kind(),
            suggestion.why(),
            search().limits(this, suggestion.batchSize()),
            Status.RUNNING,
            0,
            TrialUsage.NONE,
            Optional.empty());
    List<Trial> more = new ArrayList<>(trials);
    more.add(trial);
    return new StudyResult(new Study(spec, more), trial, trial.why());
  }

  /**
   * Whether a trial goes on after {@code report}. All processes of one training may report, late or
   * with slightly less energy than another: of each figure the highest so far counts.
   *
   * @throws StudyException for an unknown or ended trial, and another batch size than the trial's
   */
  public StudyResult report(TrialReport report) {
    Trial before = running(report.trial());
    if (report.batchSize() != before.batchSize()) {
      throw new StudyException(
          StudyFailure.WRONG_BATCH_SIZE,
          String.format(
              Locale.ROOT,
              "trial %d trains with batch size %d, not %d",
              report.trial(),
              before.batchSize(),
              report.batchSize()));
    }
    Trial trial = before.after(report);
    Study next = with(trial);
    double bound = next.costUpperBound(trial.batchSize());
    boolean early = next.search().stopsEarly(next, trial.batchSize());
    if (!early && cost(trial) > bound) {
      return end(
          trial,
          Status.STOPPED,
          String.format(
              Locale.ROOT, "it cost %.4g, above the cost upper bound of %.4g", cost(trial), bound));
    }
    if (report.metric().isPresent() && spec.target().isReachedBy(report.metric().get())) {
      return end(trial, Status.REACHED, "the target is reached");
    }
    if (trial.epochs() >= spec.maxEpochs()) {
      return end(
          trial,
          Status.EXHAUSTED,
          String.format(Locale.ROOT, "all %d epochs are done", spec.maxEpochs()));
    }
    double cost = next.costAfterOneMore(trial);
    return early && cost > bound
        ? end(
            trial,
            Status.STOPPED,
            String.format(
                Locale.ROOT,
                "one more epoch would make it cost %.4g, above the cost upper bound of %.4g",
                cost,
                bound))
        : new StudyResult(next, trial, "goes on");
  }

  /**
   * The trial's training ended without reaching a decision of the study. A trial that has ended
   * already stays as it is.
   *
   * @throws StudyException for an unknown trial
   */
  public Study fail(int number) {
    Trial trial = known(number);
    return trial.isRunning() ? with(trial.ended(Status.FAILED)) : this;
  }

  /**
   * The trial was not started, because its caller knows that one epoch would cost more than {@link
   * #costUpperBound}.
   *
   * @throws StudyException for an unknown trial, and one that trains or has ended
   */
  public Study decline(int number) {
    Trial trial = running(number);
    if (trial.epochs() > 0) {
      throw new StudyException(StudyFailure.STALE, "trial " + number + " has begun to train");
    }
    return with(trial.ended(Status.DECLINED));
  }

  /**
   * The cost above which a trial of {@code batchSize} is stopped; infinite while nothing is known.
   *
   * @throws StudyException for a batch size that the study does not offer
   */
  public double costUpperBound(int batchSize) {
    if (!spec.batchSizes().contains(batchSize)) {
      throw new StudyException(
          StudyFailure.WRONG_BATCH_SIZE,
          String.format(
              Locale.ROOT, "batch size %d is not one of %s", batchSize, spec.batchSizes()));
    }
    return search().costUpperBound(this, batchSize);
  }

  /** What the search believes of each batch size. */
  public Explanation explain() {
    return search().explain(this);
  }

  /** What a trial has cost so far, in joules. */
  public double cost(Trial trial) {
    return spec.cost().of(trial.usage());
  }

  /** Whether a trial reached its target at no cost at all: then its usage was not measured. */
  boolean isUnmeasured(Trial trial) {
    return trial.reached() && cost(trial) == 0;
  }

  /**
   * What was measured of the power limits with {@code batchSize}: for each limit the latest
   * measurement. Throughput is epochs a second.
   */
  public Optional<PowerProfile> profile(int batchSize) {
    NavigableMap<Watts, Point> points = new TreeMap<>();
    for (Trial trial : trials) {
      if (trial.batchSize() == batchSize && trial.profile().isPresent()) {
        trial.profile().get().points().forEach(point -> points.put(point.limit(), point));
      }
    }
    return points.isEmpty()
        ? Optional.empty()
        : Optional.of(new PowerProfile(List.copyOf(points.values())));
  }

  /** The limit under which an epoch costs least, of those that were measured. */
  Optional<Watts> bestLimit(int batchSize) {
    double weight = meanWeight();
    return profile(batchSize).map(profile -> spec.cost().cheapest(profile, weight).limit());
  }

  /** What an epoch costs under the best measured limit; empty before one was measured. */
  Optional<Double> epochCost(int batchSize) {
    double weight = meanWeight();
    return profile(batchSize)
        .map(profile -> spec.cost().ofEpoch(spec.cost().cheapest(profile, weight), weight));
  }

  /** The mean weight of a joule over all trials; 1 before any was used. */
  public double meanWeight() {
    double joules = 0;
    double weighted = 0;
    for (Trial trial : trials) {
      joules += trial.usage().energy().value();
      weighted += trial.usage().weightedJoules();
    }
    return joules > 0 ? weighted / joules : 1;
  }

  /**
   * The seed of the next trial's random numbers: the study's seed and the number of trials, spread
   * over all bits by the finaliser of SplitMix64 (Steele, Lea and Flood, OOPSLA'14).
   */
  long nextSeed() {
    long bits = spec.seed() * 0x9E3779B97F4A7C15L + trialCount();
    bits = (bits ^ (bits >>> 30)) * 0xBF58476D1CE4E5B9L;
    bits = (bits ^ (bits >>> 27)) * 0x94D049BB133111EBL;
    return bits ^ (bits >>> 31);
  }

  /** Zeus's arithmetic: finished epochs count as if all of them had been like the next. */
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
        .orElseThrow(
            () -> new StudyException(StudyFailure.UNKNOWN_TRIAL, "there is no trial " + number));
  }

  private Trial running(int number) {
    Trial trial = known(number);
    if (!trial.isRunning()) {
      throw new StudyException(
          StudyFailure.ENDED,
          String.format(Locale.ROOT, "trial %d has ended: %s", number, trial.status()));
    }
    return trial;
  }

  private BatchSizeSearch search() {
    return switch (spec.method()) {
      case CHASE -> new ChaseSearch();
      case ZEUS -> new ZeusSearch();
    };
  }
}
