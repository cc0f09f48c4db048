package chase.daemon.config;

import java.time.Duration;

/**
 * The ledger of energy, carbon and money.
 *
 * @param enabled whether there is one
 * @param retention how long its rows are kept
 */
public record LedgerConfig(boolean enabled, Duration retention) {
  private static final Duration SHORTEST = Duration.ofDays(1);

  /** Refuses to forget within a day. */
  public LedgerConfig {
    if (retention.compareTo(SHORTEST) < 0) {
      throw new IllegalArgumentException("retention must be at least 1d");
    }
  }

  static LedgerConfig read(Section section) throws ConfigException {
    boolean enabled = section.yes("enabled", true);
    Duration retention = section.duration("retention", Duration.ofDays(400));
    return section.build(() -> new LedgerConfig(enabled, retention));
  }
}
