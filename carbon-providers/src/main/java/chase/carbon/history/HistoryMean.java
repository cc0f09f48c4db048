package chase.carbon.history;

import chase.carbon.CarbonIntensity;
import chase.carbon.GramsPerKwh;
import chase.carbon.Provenance;
import java.time.Duration;
import java.time.Instant;
import java.time.Year;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The mean of a series' own past: of the same kind and on the same scale as its live numbers. */
public final class HistoryMean {
  private static final Duration WINDOW = Duration.ofDays(28);

  /** Less would be the weather of a few days. */
  private static final Duration LEAST_COVERED = Duration.ofDays(7);

  private HistoryMean() {}

  /**
   * The mean over the last 28 days, each value weighted by its period; empty where less than seven
   * days of them are known.
   *
   * @param past ascending
   */
  public static Optional<CarbonIntensity> of(List<CarbonIntensity> past, Instant now) {
    List<CarbonIntensity> window =
        past.stream()
            .filter(sample -> sample.validFrom().isAfter(now.minus(WINDOW)))
            .filter(sample -> !sample.validFrom().isAfter(now))
            .toList();
    Duration covered =
        window.stream().map(CarbonIntensity::period).reduce(Duration.ZERO, Duration::plus);
    if (covered.compareTo(LEAST_COVERED) < 0) {
      return Optional.empty();
    }
    double weighed =
        window.stream()
            .mapToDouble(sample -> sample.value().value() * sample.period().toMillis())
            .sum();
    CarbonIntensity newest = window.getLast();
    return Optional.of(
        new CarbonIntensity(
            new GramsPerKwh(weighed / covered.toMillis()),
            newest.kind(),
            new Provenance.Static(
                Year.of(now.atOffset(ZoneOffset.UTC).getYear()),
                String.format(Locale.ROOT, "mean of the last %d days seen here", covered.toDays())),
            newest.provider(),
            newest.region(),
            window.getFirst().validFrom(),
            newest.validTo(),
            newest.publishedAt(),
            newest.fetchedAt(),
            newest.modelDate(),
            newest.via()));
  }
}
