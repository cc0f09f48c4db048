package chase.carbon.forecast;

/**
 * The scale that models work in: twice the square root of the value in units of 100 gCO2/kWh.
 * Errors of high values count less than on a plain scale and errors of values near zero less than
 * in logarithms, and zero is a number.
 */
final class Level {
  private static final double UNIT = 100;

  private Level() {}

  static double level(double value) {
    return 2 * Math.sqrt(value / UNIT);
  }

  /** The value at {@code level}; zero below zero, which models may foresee. */
  static double value(double level) {
    double root = Math.max(0, level) / 2;
    return UNIT * root * root;
  }
}
