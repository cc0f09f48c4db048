package chase.carbon.forecast;

import chase.carbon.CarbonIntensity;
import chase.carbon.GramsPerKwh;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Optional;

/**
 * One value that came true.
 *
 * @param from the start of the period that it describes
 * @param value the intensity
 * @param modelDate the date of the provider's model, where it names one; a new one shifts levels
 */
public record Sample(Instant from, GramsPerKwh value, Optional<LocalDate> modelDate) {
  /** A sample whose provider names no model. */
  public static Sample of(Instant from, GramsPerKwh value) {
    return new Sample(from, value, Optional.empty());
  }

  /** What {@code intensity} says of its period. */
  public static Sample of(CarbonIntensity intensity) {
    return new Sample(intensity.validFrom(), intensity.value(), intensity.modelDate());
  }
}
