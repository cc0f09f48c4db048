package chase.daemon.api;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;
import java.util.Optional;

/**
 * One thing that {@code chase doctor} checked.
 *
 * @param result how it is
 * @param about the thing, in a word
 * @param text what was found
 * @param remedy what to do about it
 */
public record CheckBody(CheckResult result, String about, String text, Optional<String> remedy) {
  /** How a thing is. */
  public enum CheckResult {
    /** As it should be. */
    OK,
    /** Not wrong, but worth knowing. */
    NOTE,
    /** It works, and may not for long, or not as meant. */
    WARNING,
    /** It does not work. */
    FAILED;

    /** As it is written. */
    @JsonValue
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** It is as it should be. */
  public static CheckBody ok(String about, String text) {
    return new CheckBody(CheckResult.OK, about, text, Optional.empty());
  }

  /** It is worth knowing. */
  public static CheckBody note(String about, String text) {
    return new CheckBody(CheckResult.NOTE, about, text, Optional.empty());
  }

  /** It may go wrong. */
  public static CheckBody warning(String about, String text) {
    return new CheckBody(CheckResult.WARNING, about, text, Optional.empty());
  }

  /** It does not work. */
  public static CheckBody failed(String about, String text) {
    return new CheckBody(CheckResult.FAILED, about, text, Optional.empty());
  }

  /** The same with what to do about it. */
  public CheckBody withRemedy(String what) {
    return new CheckBody(result, about, text, Optional.of(what));
  }
}
