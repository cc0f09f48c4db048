package chase.daemon.batchsize;

import chase.zeus.batchsize.SearchMethod;
import chase.zeus.batchsize.Study;
import chase.zeus.batchsize.Trial;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * A recurring job with all of its trials.
 *
 * @param job as it was registered
 * @param method how its batch size is chosen
 * @param reference the intensity or price at which one of its joules weighs 1
 * @param createdAt when it was registered
 * @param study what is known of it, trials that fell silent counted as failed
 * @param trials its trials, in the order in which they were dispatched
 */
public record StoredStudy(
    RecurringJob job,
    SearchMethod method,
    double reference,
    Instant createdAt,
    Study study,
    List<StoredTrial> trials) {
  /** Copies the list. */
  public StoredStudy {
    trials = List.copyOf(trials);
  }

  /** What a joule of its runs weighed on average; 1 before any was used. */
  public double meanWeight() {
    double joules = 0;
    double weighted = 0;
    for (Trial trial : study.trials()) {
      joules += trial.usage().energy().value();
      weighted += trial.usage().weightedJoules();
    }
    return joules > 0 ? weighted / joules : 1;
  }

  /**
   * The numbers of the trials that have to go for {@code most} to stay: the oldest that have ended,
   * those that explored last of all, since they are what each batch size was judged by.
   */
  List<Integer> outdated(int most) {
    return study.trials().stream()
        .filter(trial -> !trial.isRunning())
        .sorted(
            Comparator.<Trial, Boolean>comparing(StoredStudy::isExploration)
                .thenComparingInt(Trial::number))
        .limit(Math.max(0, trials.size() - most))
        .map(Trial::number)
        .toList();
  }

  private static boolean isExploration(Trial trial) {
    return trial.kind() == Trial.Kind.EXPLORATION && trial.status() != Trial.Status.FAILED;
  }

  /** What became of a trial that was dispatched, silence counted as failure. */
  public Trial trial(int number) {
    return study
        .trial(number)
        .orElseThrow(() ->
            new BatchSizeException(
                BatchSizeException.Kind.UNKNOWN_TRIAL,
                String.format(Locale.ROOT, "'%s' has no trial %d", job.name(), number)));
  }

  /**
   * A trial as it is kept.
   *
   * @param trial as it is known
   * @param host where it was asked for
   * @param startedAt when it was dispatched
   * @param changedAt when it last changed
   */
  public record StoredTrial(Trial trial, String host, Instant startedAt, Instant changedAt) {
    /** Whether it trains, as far as anybody knows, and has said nothing since {@code before}. */
    public boolean isSilentSince(Instant before) {
      return trial.isRunning() && changedAt.isBefore(before);
    }
  }

  /**
   * A job as it is kept.
   *
   * @param created whether it was registered just now
   * @param stored the job
   */
  public record RegistrationResult(boolean created, StoredStudy stored) {}
}
