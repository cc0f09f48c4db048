package chase.zeus.gpu.simulated;

/**
 * Noise on power readings, and on nothing else: the energy counter and the limits stay exact.
 *
 * @param ratio the largest deviation as a share of the draw, 0 up to 1 (excluded)
 * @param seed the same seed gives the same readings
 */
public record PowerNoise(double ratio, long seed) {
  /** Refuses a ratio outside [0, 1) with {@link IllegalArgumentException}. */
  public PowerNoise {
    if (!(ratio >= 0 && ratio < 1)) {
      throw new IllegalArgumentException("noise ratio must lie in [0, 1): " + ratio);
    }
  }

  /** Readings as exact as the arithmetic. */
  public static PowerNoise none() {
    return new PowerNoise(0, 0);
  }
}
