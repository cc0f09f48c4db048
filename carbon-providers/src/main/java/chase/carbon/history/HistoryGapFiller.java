package chase.carbon.history;

import chase.carbon.CarbonIntensity;
import chase.carbon.CarbonProvider;
import chase.carbon.CarbonUnavailable;
import chase.carbon.plausibility.ZeroCheck;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Fills the hole between what is stored and now from what the provider still knows. */
public final class HistoryGapFiller {
  /** A month lets the forecaster reach its best; few plans give more. */
  private static final Duration FARTHEST = Duration.ofDays(28);

  /** A hole this short closes by itself with the next polls. */
  private static final int LEAST_PERIODS = 2;

  private HistoryGapFiller() {}

  /**
   * Since when numbers are missing, judged at {@code now}; empty when none are.
   *
   * @param stored what is known, ascending
   */
  public static Optional<Instant> missingSince(List<CarbonIntensity> stored, Instant now) {
    Instant farthest = now.minus(FARTHEST);
    if (stored.isEmpty() || stored.getLast().validTo().isBefore(farthest)) {
      return Optional.of(farthest);
    }
    CarbonIntensity newest = stored.getLast();
    Duration hole = Duration.between(newest.validTo(), now);
    boolean worthACall = hole.compareTo(newest.period().multipliedBy(LEAST_PERIODS)) > 0;
    return worthACall ? Optional.of(newest.validTo()) : Optional.empty();
  }

  /**
   * Asks the provider for what is missing and stores what is believed of what it gives, which may
   * be less.
   *
   * @param stored what is known, ascending
   * @return the numbers that it gave and that are believed, ascending
   * @throws CarbonUnavailable when it gives none; its plan may have no history
   */
  public static List<CarbonIntensity> fill(
      CarbonProvider provider,
      SeriesHistory history,
      List<CarbonIntensity> stored,
      Instant since,
      Instant now)
      throws CarbonUnavailable, InterruptedException {
    List<CarbonIntensity> told = new ArrayList<>();
    if (!stored.isEmpty()) {
      told.add(stored.getLast());
    }
    provider.history(since, now).stream()
        .filter(sample -> SeriesKey.of(sample).equals(history.key()))
        .forEach(told::add);
    List<CarbonIntensity> past =
        ZeroCheck.believed(told).stream()
            .filter(sample -> stored.isEmpty() || !sample.equals(stored.getLast()))
            .toList();
    past.forEach(history::append);
    return past;
  }
}
