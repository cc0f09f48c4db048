package chase.daemon.config;

import chase.carbon.TimeBounds;
import chase.daemon.text.Durations;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Function;

/**
 * The values that a key takes, both ends included; whatever lies outside is refused before anything
 * is touched.
 *
 * @param minimum the lowest value
 * @param maximum the highest value
 * @param text how a value is written
 */
record Range<T extends Comparable<T>>(T minimum, T maximum, Function<T, String> text) {
  /** Below this a number is a slip of the exponent, and dividing by it overflows. */
  private static final double SMALLEST = 1e-3;

  private static final double LARGEST = 1e6;

  /** Times, written as in the configuration itself. */
  static Range<Duration> times(String minimum, String maximum) {
    return new Range<>(Durations.parse(minimum), Durations.parse(maximum), Durations::formatExact);
  }

  /** Numbers with or without a fraction. */
  static Range<Double> numbers(double minimum, double maximum) {
    return new Range<>(
        minimum,
        maximum,
        number -> BigDecimal.valueOf(number).stripTrailingZeros().toPlainString());
  }

  /** Numbers that something is divided by: above zero, and neither tiny nor huge. */
  static Range<Double> divisors() {
    return numbers(SMALLEST, LARGEST);
  }

  /** Instants that a recording may have; arithmetic with them stays far from where time ends. */
  static Range<Instant> recordings() {
    return new Range<>(TimeBounds.EARLIEST, TimeBounds.LATEST, Instant::toString);
  }

  /** Whole numbers. */
  static Range<Integer> wholes(int minimum, int maximum) {
    return new Range<>(minimum, maximum, String::valueOf);
  }

  /** Whether {@code value} lies in it; not a number never does. */
  boolean contains(T value) {
    boolean number = !(value instanceof Double fraction) || !Double.isNaN(fraction);
    return number && value.compareTo(minimum) >= 0 && value.compareTo(maximum) <= 0;
  }

  /** Such as {@code from 0s to 1d}. */
  @Override
  public String toString() {
    return "from " + text.apply(minimum) + " to " + text.apply(maximum);
  }
}
