package chase.daemon.explain;

import chase.carbon.CarbonIntensity;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.DoublePredicate;

/**
 * A stretch of the outlook that is clean or dirty for this grid.
 *
 * @param from its start, which may be over
 * @param to its end, excluded
 * @param grams its mean intensity, gCO2/kWh
 */
public record GridWindow(Instant from, Instant to, double grams) {
  /** By what a window is found. */
  public static final String RULE =
      "A window is the next stretch of the outlook in the lowest (clean) or highest (dirty) quarter"
          + " of its range.";

  private static final double QUARTER = 0.25;

  /** In a range narrower than this share of its highest value no time is better than another. */
  private static final double FLAT = 0.05;

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("HH:mm", Locale.ROOT).withZone(ZoneOffset.UTC);

  /**
   * The next clean window, which may have begun; empty where the outlook has none.
   *
   * @param periods the running period and the outlook, ascending
   */
  public static Optional<GridWindow> clean(List<CarbonIntensity> periods) {
    return next(periods, share -> share <= QUARTER);
  }

  /** The next dirty window; see {@link #clean}. */
  public static Optional<GridWindow> dirty(List<CarbonIntensity> periods) {
    return next(periods, share -> share >= 1 - QUARTER);
  }

  private static Optional<GridWindow> next(List<CarbonIntensity> periods, DoublePredicate inside) {
    double low = periods.stream().mapToDouble(GridWindow::grams).min().orElse(0);
    double high = periods.stream().mapToDouble(GridWindow::grams).max().orElse(0);
    if (high - low <= FLAT * high) {
      return Optional.empty();
    }
    List<CarbonIntensity> window =
        periods.stream()
            .dropWhile(one -> !inside.test((grams(one) - low) / (high - low)))
            .takeWhile(one -> inside.test((grams(one) - low) / (high - low)))
            .toList();
    double seconds = window.stream().mapToDouble(GridWindow::seconds).sum();
    double sum = window.stream().mapToDouble(one -> grams(one) * seconds(one)).sum();
    return Optional.of(
        new GridWindow(window.getFirst().validFrom(), window.getLast().validTo(), sum / seconds));
  }

  private static double grams(CarbonIntensity period) {
    return period.value().value();
  }

  private static double seconds(CarbonIntensity period) {
    return Duration.between(period.validFrom(), period.validTo()).toNanos() / 1e9;
  }

  /** Such as {@code from 12:00 to 15:00 UTC, 231 gCO2/kWh on average}. */
  public String text(Instant now) {
    return String.format(
        Locale.ROOT,
        "%s to %s UTC, %.0f gCO2/kWh on average",
        from.isAfter(now) ? "from " + TIME.format(from) : "now",
        TIME.format(to),
        grams);
  }
}
