package chase.carbon.history;

import chase.carbon.CarbonIntensity;
import chase.carbon.CarbonProvider;
import chase.carbon.CarbonUnavailable;
import chase.carbon.plausibility.ValueCheck;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Fills the gap between what is stored and now from the provider's history. */
public final class HistoryGapFiller {
  /** A month lets the forecaster reach its best; few plans give more. */
  private static final Duration MAX_GAP = Duration.ofDays(28);

  /** A shorter gap closes with the next polls. */
  private static final Duration MIN_GAP = Duration.ofHours(3);

  private HistoryGapFiller() {}

  /**
   * Since when values are missing at {@code now}; empty when none are.
   *
   * @param stored what is known, ascending
   */
  public static Optional<Instant> missingSince(List<CarbonIntensity> stored, Instant now) {
    Instant farthest = now.minus(MAX_GAP);
    if (stored.isEmpty() || stored.getLast().validTo().isBefore(farthest)) {
      return Optional.of(farthest);
    }
    CarbonIntensity newest = stored.getLast();
    boolean worthACall = Duration.between(newest.validTo(), now).compareTo(MIN_GAP) > 0;
    return worthACall ? Optional.of(newest.validTo()) : Optional.empty();
  }

  /**
   * Fetches what is missing from the provider and stores what is plausible of its answer, which may
   * be less.
   *
   * @param stored what is known, ascending
   * @return the plausible values of its answer, ascending
   * @throws CarbonUnavailable when it gives none; its plan may have no history
   */
  public static List<CarbonIntensity> fill(
      CarbonProvider provider,
      SeriesHistory history,
      List<CarbonIntensity> stored,
      Instant since,
      Instant now)
      throws CarbonUnavailable, InterruptedException {
    List<CarbonIntensity> fetched = new ArrayList<>();
    if (!stored.isEmpty()) {
      fetched.add(stored.getLast());
    }
    provider.history(since, now).stream()
        .filter(sample -> SeriesKey.of(sample).equals(history.key()))
        .forEach(fetched::add);
    List<CarbonIntensity> past =
        ValueCheck.believed(fetched).stream()
            .filter(sample -> stored.isEmpty() || !sample.equals(stored.getLast()))
            .toList();
    past.forEach(history::append);
    return past;
  }
}
