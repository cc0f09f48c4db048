package chase.zeus.engine;

import java.util.regex.Pattern;

/**
 * The id of a job on this host.
 *
 * @param value 1 to 64 letters, digits, dots, dashes and underscores
 */
public record JobId(String value) {
  private static final Pattern FORM = Pattern.compile("[A-Za-z0-9._-]{1,64}");

  /** Refuses anything else with {@link IllegalArgumentException}. */
  public JobId {
    if (!FORM.matcher(value).matches()) {
      throw new IllegalArgumentException(
          "a job's id has 1 to 64 letters, digits, dots, dashes and underscores");
    }
  }

  @Override
  public String toString() {
    return value;
  }
}
