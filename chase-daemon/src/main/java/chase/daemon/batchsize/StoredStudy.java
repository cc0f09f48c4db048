package chase.daemon.batchsize;

import chase.zeus.batchsize.SearchMethod;
import chase.zeus.batchsize.Study;
import chase.zeus.batchsize.Trial;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A recurring job with all of its trials.
 *
 * @param job as it was registered
 * @param method how its batch size is chosen
 * @param reference the intensity or price at which one of its joules weighs 1
 * @param createdAt when it was registered
 * @param owner who registered it; empty where that is not known
 * @param study its study, in which trials that stopped reporting count as failed
 * @param trials its trials, in the order in which they were started
 */
public record StoredStudy(
    RecurringJob job,
    SearchMethod method,
    double reference,
    Instant createdAt,
    Optional<StudyOwner> owner,
    Study study,
    List<StoredTrial> trials) {
  /** Copies the list. */
  public StoredStudy {
    trials = List.copyOf(trials);
  }

  /**
   * The numbers of the trials to delete for {@code max} to stay: the oldest that have ended,
   * explorations last of all, since each batch size was judged by them.
   */
  List<Integer> surplusTrials(int max) {
    return study.trials().stream()
        .filter(trial -> !trial.isRunning())
        .sorted(
            Comparator.<Trial, Boolean>comparing(StoredStudy::isExploration)
                .thenComparingInt(Trial::number))
        .limit(Math.max(0, trials.size() - max))
        .map(Trial::number)
        .toList();
  }

  private static boolean isExploration(Trial trial) {
    return trial.kind() == Trial.TrialKind.EXPLORATION && trial.status() != Trial.Status.FAILED;
  }

  /** One trial; one that stopped reporting counts as failed. */
  public Trial trial(int number) {
    return study
        .trial(number)
        .orElseThrow(() ->
            new BatchSizeException(
                BatchSizeException.BatchSizeFailure.UNKNOWN_TRIAL,
                String.format(Locale.ROOT, "'%s' has no trial %d", job.name(), number)));
  }

  /**
   * Who registered a job.
   *
   * @param user their name, or the number where there is none
   * @param uid their number, where it is known
   */
  public record StudyOwner(String user, Optional<Long> uid) {}

  /**
   * A trial's row.
   *
   * @param host where it was started
   * @param changedAt when it last changed
   */
  public record StoredTrial(Trial trial, String host, Instant startedAt, Instant changedAt) {
    /** Whether it has not ended and has not reported since {@code before}. */
    public boolean isSilentSince(Instant before) {
      return trial.isRunning() && changedAt.isBefore(before);
    }
  }

  /**
   * The result of a registration.
   *
   * @param created whether the job was registered just now
   */
  public record RegistrationResult(boolean created, StoredStudy stored) {}
}
