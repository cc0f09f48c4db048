package chase.daemon.ledger;

import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/**
 * The parameters of a report.
 *
 * @param by what each line is about
 * @param from the first hour, by an instant in it; everything kept by default
 * @param to where it ends: hours that begin before it count
 * @param job of one job alone
 * @param gpu of one GPU alone, by its UUID
 */
public record ReportQuery(
    GroupBy by,
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

  /** Everything about one job. */
  public static ReportQuery ofJob(String job) {
    return new ReportQuery(
        GroupBy.BY_JOB, Optional.empty(), Optional.empty(), Optional.of(job), Optional.empty());
  }

  /**
   * What each line of a report is about.
   *
   * @param kind a job, a GPU, a user, a value of a label, or a day (UTC)
   * @param label the label's key; empty for every other kind
   */
  public record GroupBy(GroupKind kind, Optional<String> label) {
    private static final String LABEL = "label:";

    /** What usage can be grouped by. */
    public enum GroupKind {
      /** Each job. */
      JOB,
      /** Each GPU. */
      GPU,
      /** Each user. */
      USER,
      /** Each value of one label. */
      LABEL,
      /** Each day, in UTC. */
      DAY
    }

    /** By job. */
    public static final GroupBy BY_JOB = new GroupBy(GroupKind.JOB, Optional.empty());

    /**
     * Reads {@code job}, {@code gpu}, {@code user}, {@code day} or {@code label:KEY}.
     *
     * @throws IllegalArgumentException that names the text
     */
    public static GroupBy parse(String text) {
      if (text.startsWith(LABEL) && text.length() > LABEL.length()) {
        return new GroupBy(GroupKind.LABEL, Optional.of(text.substring(LABEL.length())));
      }
      GroupKind kind =
          switch (text) {
            case "job" -> GroupKind.JOB;
            case "gpu" -> GroupKind.GPU;
            case "user" -> GroupKind.USER;
            case "day" -> GroupKind.DAY;
            default ->
                throw new IllegalArgumentException(
                    "'%s' is not job, gpu, user, day or label:KEY".formatted(text));
          };
      return new GroupBy(kind, Optional.empty());
    }

    /** As {@link #parse} reads it. */
    public String spec() {
      return label.map(key -> LABEL + key).orElseGet(() -> kind.name().toLowerCase(Locale.ROOT));
    }
  }
}
