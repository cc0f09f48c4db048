package chase.carbon.trace;

import chase.carbon.CarbonUnavailable;
import chase.carbon.CarbonUnavailable.FailureReason;
import chase.carbon.EnergyPrice;
import chase.carbon.PriceProvider;
import chase.carbon.Provenance;
import chase.carbon.Region;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/**
 * Plays recorded prices as if a market settled them now, a day ahead, from the moment of its
 * creation on. Validity and publication are in wall time; the recording's own time is in {@link
 * Provenance.Replayed}.
 */
public final class TracePriceProvider implements PriceProvider {
  /** Day-ahead markets settle the hours of the next day. */
  private static final Duration SETTLED = Duration.ofDays(1);

  private final PriceTrace prices;
  private final Region region;
  private final PlaybackSettings settings;
  private final InstantSource clock;
  private final Playback playback;

  /**
   * Begins to play now.
   *
   * @param region where the prices were recorded
   * @throws IllegalArgumentException when the start lies outside the recording, or the speed leaves
   *     a row less than a microsecond
   */
  public TracePriceProvider(
      PriceTrace prices, Region region, PlaybackSettings settings, InstantSource clock) {
    this.prices = prices;
    this.region = region;
    this.settings = settings;
    this.clock = clock;
    this.playback = Playback.from(prices.rows(), settings, clock.instant());
  }

  @Override
  public String provider() {
    return TraceProvider.PROVIDER;
  }

  @Override
  public Region region() {
    return region;
  }

  /**
   * The row that is played now.
   *
   * @throws CarbonUnavailable as {@code NO_DATA} inside a gap, after the end of a recording that
   *     does not repeat, and before its start when the clock went back
   */
  @Override
  public EnergyPrice current() throws CarbonUnavailable {
    return settled().getFirst();
  }

  /**
   * The rows of the day to come, the one that is played now first.
   *
   * @throws CarbonUnavailable as {@link #current} does
   */
  @Override
  public List<EnergyPrice> settled() throws CarbonUnavailable {
    Instant now = clock.instant();
    long round = settings.repeat() ? playback.roundAt(now) : 0;
    int row = playback.rowAt(round, now);
    if (row < 0) {
      throw noData(" has not begun at " + now);
    }
    if (!now.isBefore(playback.wall(round, prices.rows().endMillis(row)))) {
      throw noData(row == prices.size() - 1 ? " ended" : " has a gap after " + prices.from(row));
    }
    Instant settled = now.plus(playback.wallDuration(SETTLED));
    List<EnergyPrice> ahead = new ArrayList<>();
    while (playback.wall(round, prices.rows().startMillis(row)).isBefore(settled)) {
      ahead.add(price(round, row, now));
      row++;
      if (row == prices.size()) {
        if (!settings.repeat()) {
          break;
        }
        row = 0;
        round++;
      }
    }
    return ahead;
  }

  private EnergyPrice price(long round, int row, Instant now) {
    Instant from = playback.wall(round, prices.rows().startMillis(row));
    return new EnergyPrice(
        prices.value(row),
        new Provenance.Replayed(prices.from(row)),
        provider(),
        region,
        from,
        playback.wall(round, prices.rows().endMillis(row)),
        from.isBefore(now) ? from : now,
        now);
  }

  private CarbonUnavailable noData(String what) {
    return new CarbonUnavailable(FailureReason.NO_DATA, "trace " + prices.rows().file() + what);
  }
}
