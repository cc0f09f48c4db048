package chase.daemon;

import chase.carbon.CarbonHistory;
import chase.carbon.CarbonIntensity;
import chase.carbon.CarbonUnavailable;
import chase.daemon.grid.SignalMemory;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

/**
 * A past that is asked for at the start, as far as the provider's plan reaches, and kept nowhere.
 *
 * @param history who knows it
 * @param day how long a day of the signal lasts
 * @param clock the daemon's clock
 */
public record BackFill(CarbonHistory history, Duration day, InstantSource clock)
    implements SignalMemory {
  private static final Logger LOG = System.getLogger(BackFill.class.getName());

  /** The forecaster's slowest models learn for about four weeks. */
  private static final int DAYS = 28;

  @Override
  public List<CarbonIntensity> load() throws InterruptedException {
    Instant now = clock.instant();
    try {
      return history.history(now.minus(day.multipliedBy(DAYS)), now);
    } catch (CarbonUnavailable failure) {
      LOG.log(Level.INFO, "no past to learn from: " + failure.getMessage());
      return List.of();
    }
  }

  @Override
  public void add(CarbonIntensity sample) {}
}
