package chase.carbon.forecast;

/** Cuts what is far outside the usual, so that one wrong value cannot bend what was learned. */
final class Clip {
  private static final double WIDTH = 2.5;
  private static final double COUNTED = 4;
  private static final double NEW = 0.02;
  private static final double FIRST = 0.1;

  private double square = FIRST * FIRST;

  /** The {@code error}, at most two and a half times the usual one in size. */
  double clip(double error) {
    double usual = Math.sqrt(square);
    double counted = Math.min(Math.abs(error), COUNTED * usual + 1e-9);
    square += NEW * (counted * counted - square);
    return Math.clamp(error, -WIDTH * usual, WIDTH * usual);
  }
}
