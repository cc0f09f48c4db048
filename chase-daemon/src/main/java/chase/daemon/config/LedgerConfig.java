package chase.daemon.config;

import java.time.Duration;

/**
 * The ledger of energy, carbon and money.
 *
 * @param enabled whether there is one
 * @param retention how long its rows are kept
 */
public record LedgerConfig(boolean enabled, Duration retention) {
  private static final Range<Duration> RETENTION = Range.times("1d", "36500d");

  static LedgerConfig read(Section section) throws ConfigException {
    boolean enabled = section.flag("enabled", true);
    Duration retention = section.duration("retention", Duration.ofDays(400), RETENTION);
    return section.build(() -> new LedgerConfig(enabled, retention));
  }
}
