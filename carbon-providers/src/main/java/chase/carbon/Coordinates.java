package chase.carbon;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;

/**
 * A place on earth, WGS 84.
 *
 * @param latitude degrees north, from -90 to 90
 * @param longitude degrees east, from -180 to 180
 */
public record Coordinates(double latitude, double longitude) {
  /** Refuses what lies on no map with {@link IllegalArgumentException}. */
  public Coordinates {
    refuse("latitude", latitude, 90);
    refuse("longitude", longitude, 180);
  }

  private static void refuse(String what, double degrees, int most) {
    if (!(Math.abs(degrees) <= most)) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT, "%s must be from -%d to %d degrees: %s", what, most, most, degrees));
    }
  }

  /** Degrees as providers read them: a point for the comma whatever the locale, no exponent. */
  public static String degrees(double degrees) {
    return BigDecimal.valueOf(degrees)
        .setScale(5, RoundingMode.HALF_EVEN)
        .stripTrailingZeros()
        .toPlainString();
  }

  /** Such as {@code 37.77, -122.42}. */
  @Override
  public String toString() {
    return degrees(latitude) + ", " + degrees(longitude);
  }
}
