package chase.zeus.policy;

import chase.zeus.unit.Watts;
import java.math.BigDecimal;
import java.util.OptionalDouble;

/** The one-word form of a policy, read and written. */
final class PolicySpec {
  static final String FORMS = "max, fixed:WATTS, zeus:ETA or chase:ETA[:REFERENCE]";

  private PolicySpec() {}

  static PowerPolicy parse(String spec) {
    String[] parts = spec.strip().split(":", -1);
    return switch (parts[0]) {
      case "max" -> {
        require(spec, parts.length == 1);
        yield new MaxPower();
      }
      case "fixed" -> {
        require(spec, parts.length == 2);
        yield new FixedLimit(new Watts(number(spec, parts[1])));
      }
      case "zeus" -> {
        require(spec, parts.length == 2);
        yield new ZeusCost(number(spec, parts[1]));
      }
      case "chase" -> {
        require(spec, parts.length == 2 || parts.length == 3);
        yield new ChaseCost(
            number(spec, parts[1]),
            parts.length == 3 ? OptionalDouble.of(number(spec, parts[2])) : OptionalDouble.empty());
      }
      default -> throw refused(spec);
    };
  }

  /** A number without needless digits: {@code 250}, {@code 0.24}. */
  static String text(double number) {
    return BigDecimal.valueOf(number).stripTrailingZeros().toPlainString();
  }

  /** {@code eta} itself when it lies in 0 to 1. */
  static double requireEta(double eta) {
    if (!(eta >= 0 && eta <= 1)) {
      throw new IllegalArgumentException("eta must lie in 0 to 1: " + eta);
    }
    return eta;
  }

  private static double number(String spec, String text) {
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "policy '" + spec + "': '" + text + "' is not a number", e);
    }
  }

  private static void require(String spec, boolean wellFormed) {
    if (!wellFormed) {
      throw refused(spec);
    }
  }

  private static IllegalArgumentException refused(String spec) {
    return new IllegalArgumentException("policy '" + spec + "' is not one of " + FORMS);
  }
}
