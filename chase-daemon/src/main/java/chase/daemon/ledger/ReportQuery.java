package chase.daemon.ledger;

import java.time.Instant;
import java.util.Optional;

/**
 * What a report is asked for.
 *
 * @param by what each line is about
 * @param from the first hour, by an instant in it; everything kept by default
 * @param to where it ends: hours that begin before it count
 * @param job of one job alone
 * @param gpu of one GPU alone, by its UUID
 */
public record ReportQuery(
    Grouping by,
    Optional<Instant> from,
    Optional<Instant> to,
    Optional<String> job,
    Optional<String> gpu) {
  /** Refuses an end that is not after the start with {@link IllegalArgumentException}. */
  public ReportQuery {
    if (from.isPresent() && to.isPresent() && !from.get().isBefore(to.get())) {
      throw new IllegalArgumentException("'to' must be after 'from'");
    }
  }

  /** All that is known of one job. */
  public static ReportQuery ofJob(String job) {
    return new ReportQuery(
        Grouping.BY_JOB, Optional.empty(), Optional.empty(), Optional.of(job), Optional.empty());
  }
}
