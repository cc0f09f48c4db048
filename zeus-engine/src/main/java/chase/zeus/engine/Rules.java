package chase.zeus.engine;

import java.time.Duration;

/**
 * The safety rules of a host.
 *
 * @param mode whether limits are written
 * @param floorRatio the lowest limit as a share of the limit found, above 0 and up to 1
 * @param minimumDwell how long a limit stays before the policy may change it again
 * @param handsOff how long a card is left alone after somebody else set its limit
 * @param retryAfter how long to wait after a write that failed in passing
 */
public record Rules(
    Mode mode, double floorRatio, Duration minimumDwell, Duration handsOff, Duration retryAfter) {
  /** Refuses a floor outside (0, 1] and negative times. */
  public Rules {
    if (!(floorRatio > 0 && floorRatio <= 1)) {
      throw new IllegalArgumentException("floor ratio must lie in (0, 1]: " + floorRatio);
    }
    if (minimumDwell.isNegative() || handsOff.isNegative() || retryAfter.isNegative()) {
      throw new IllegalArgumentException("times must not be negative");
    }
  }
}
