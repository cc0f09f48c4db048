package chase.daemon.ledger;

import java.util.Locale;
import java.util.Optional;

/**
 * What each line of a report is about.
 *
 * @param kind a job, a GPU, a user, a value of a label, or a day (UTC)
 * @param label the label's key; empty for every other kind
 */
public record Grouping(Kind kind, Optional<String> label) {
  private static final String LABEL = "label:";

  /** What can be told apart. */
  public enum Kind {
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
  public static final Grouping BY_JOB = new Grouping(Kind.JOB, Optional.empty());

  /**
   * Reads {@code job}, {@code gpu}, {@code user}, {@code day} or {@code label:KEY}.
   *
   * @throws IllegalArgumentException that names the text
   */
  public static Grouping parse(String text) {
    if (text.startsWith(LABEL) && text.length() > LABEL.length()) {
      return new Grouping(Kind.LABEL, Optional.of(text.substring(LABEL.length())));
    }
    Kind kind =
        switch (text) {
          case "job" -> Kind.JOB;
          case "gpu" -> Kind.GPU;
          case "user" -> Kind.USER;
          case "day" -> Kind.DAY;
          default ->
              throw new IllegalArgumentException(
                  "'%s' is not job, gpu, user, day or label:KEY".formatted(text));
        };
    return new Grouping(kind, Optional.empty());
  }

  /** As {@link #parse} reads it. */
  public String spec() {
    return label.map(key -> LABEL + key).orElseGet(() -> kind.name().toLowerCase(Locale.ROOT));
  }
}
