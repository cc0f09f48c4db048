package chase.daemon.cli.signal;

import chase.daemon.text.Durations;
import chase.daemon.text.Numbers;
import java.math.BigDecimal;
import java.time.Duration;

/** What {@code chase wait} waits for. */
public sealed interface WaitGoal {
  /** What a text must be, for messages. */
  String FORMS = "below:GRAMS (gCO2/kWh), cleanest:TIME such as cleanest:2h, or policy";

  /** Less is no length of a run, and more is no forecast. */
  Duration LONGEST = Duration.ofDays(7);

  /** The grid emits less than {@code grams}, gCO2/kWh. */
  record BelowGrams(double grams) implements WaitGoal {
    @Override
    public String text() {
      return "a grid below " + Numbers.oneDecimal(grams) + " gCO2/kWh";
    }
  }

  /** The start of the cleanest stretch of {@code length}. */
  record CleanestWindow(Duration length) implements WaitGoal {
    @Override
    public String text() {
      return "the cleanest " + Durations.format(length);
    }
  }

  /** A joule weighs no more than it does on average until the deadline. */
  record CleanForPolicy() implements WaitGoal {
    @Override
    public String text() {
      return "a grid at which the policy runs at full power";
    }
  }

  /** What is waited for, for people. */
  String text();

  /** How long before the deadline the command must start. */
  default Duration length() {
    return this instanceof CleanestWindow window ? window.length() : Duration.ZERO;
  }

  /**
   * Reads {@code below:200}, {@code cleanest:2h} or {@code policy}.
   *
   * @throws IllegalArgumentException that names the text
   */
  static WaitGoal parse(String text) {
    int colon = text.indexOf(':');
    String word = colon < 0 ? text : text.substring(0, colon);
    String rest = colon < 0 ? "" : text.substring(colon + 1);
    return switch (word) {
      case "below" -> new BelowGrams(grams(text, rest));
      case "cleanest" -> new CleanestWindow(length(rest));
      case "policy" -> {
        if (colon >= 0) {
          throw refusal(text);
        }
        yield new CleanForPolicy();
      }
      default -> throw refusal(text);
    };
  }

  private static double grams(String text, String number) {
    double grams;
    try {
      grams = new BigDecimal(number).doubleValue();
    } catch (NumberFormatException e) {
      throw refusal(text);
    }
    if (!(grams > 0) || grams > 10_000) {
      throw new IllegalArgumentException(
          "'%s': the grams must be above 0 and up to 10000 gCO2/kWh".formatted(text));
    }
    return grams;
  }

  private static Duration length(String text) {
    Duration length = Durations.parse(text);
    if (!length.isPositive() || length.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          "'%s' must be above zero and up to %s".formatted(text, Durations.format(LONGEST)));
    }
    return length;
  }

  private static IllegalArgumentException refusal(String text) {
    return new IllegalArgumentException("'" + text + "' is not " + FORMS);
  }
}
