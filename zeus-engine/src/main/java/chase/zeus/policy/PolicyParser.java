package chase.zeus.policy;

import chase.zeus.unit.Watts;
import java.math.BigDecimal;
import java.util.Optional;

/**
 * The text form of a policy, such as {@code budget:3%}, read and written. Nothing else takes a
 * policy's text apart.
 */
final class PolicyParser {
  static final String FORMS = "max, fixed:WATTS, zeus:ETA, chase:ETA[:REFERENCE] or budget:BOUND";

  private PolicyParser() {}

  static PowerPolicy parse(String spec) {
    try {
      return policy(spec);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("policy '" + spec + "': " + e.getMessage(), e);
    }
  }

  private static PowerPolicy policy(String spec) {
    String[] parts = spec.strip().split(":", -1);
    return switch (parts[0]) {
      case "max" -> {
        require(parts.length == 1);
        yield new MaxPower();
      }
      case "fixed" -> {
        require(parts.length == 2);
        yield new FixedLimit(new Watts(number(parts[1])));
      }
      case "zeus" -> {
        require(parts.length == 2);
        yield new ZeusCost(number(parts[1]));
      }
      case "chase" -> {
        require(parts.length == 2 || parts.length == 3);
        yield new ChaseCost(
            number(parts[1]), parts.length == 3 ? Optional.of(number(parts[2])) : Optional.empty());
      }
      case "budget" -> {
        require(parts.length == 2);
        yield new SlowdownBudget(SlowdownBound.parse(parts[1]).share());
      }
      default -> throw refused();
    };
  }

  /** A number without needless digits: {@code 250}, {@code 0.24}. */
  static String text(double number) {
    return BigDecimal.valueOf(number).stripTrailingZeros().toPlainString();
  }

  /** {@code eta} when it lies in 0 to 1; minus zero becomes the zero that it is written as. */
  static double requireEta(double eta) {
    if (!(eta >= 0 && eta <= 1)) {
      throw new IllegalArgumentException(
          "eta must lie in 0 to 1: "
              + eta
              + (eta > 1 && eta <= 100 ? "; did you mean " + text(eta / 100) + "?" : ""));
    }
    return eta + 0.0;
  }

  /** A share in percent without needless digits, such as {@code 2.5 %}. */
  static String percent(double share) {
    return BigDecimal.valueOf(share).movePointRight(2).stripTrailingZeros().toPlainString() + " %";
  }

  /** The percentage that was probably meant by {@code number}; empty where none was. */
  static Optional<String> asPercent(double number) {
    return number > 1 && number <= 100 ? Optional.of(text(number) + "%") : Optional.empty();
  }

  /** A number as text, also where it is not finite. */
  static String shown(double number) {
    return Double.isFinite(number) ? text(number) : Double.toString(number);
  }

  /** BigDecimal, because {@link Double#parseDouble} also reads {@code NaN} and {@code 100d}. */
  private static double number(String text) {
    try {
      return new BigDecimal(text).doubleValue();
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("'" + text + "' is not a number", e);
    }
  }

  private static void require(boolean wellFormed) {
    if (!wellFormed) {
      throw refused();
    }
  }

  private static IllegalArgumentException refused() {
    return new IllegalArgumentException("not one of " + FORMS);
  }
}
