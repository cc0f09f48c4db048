package chase.daemon.systemd;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;

/** How long systemd waits for a sign of life (sd_watchdog_enabled(3)). */
final class WatchdogLimit {
  private WatchdogLimit() {}

  /**
   * The limit that the environment sets for the process {@code pid}: {@code WATCHDOG_USEC}, unless
   * {@code WATCHDOG_PID} names another process. Empty as well when it is not a positive number.
   */
  static Optional<Duration> of(Map<String, String> environment, long pid) {
    Optional<Long> owner = number(environment, "WATCHDOG_PID");
    if (environment.containsKey("WATCHDOG_PID") && !owner.equals(Optional.of(pid))) {
      return Optional.empty();
    }
    return number(environment, "WATCHDOG_USEC")
        .filter(micros -> micros > 0)
        .map(micros -> Duration.of(micros, ChronoUnit.MICROS));
  }

  private static Optional<Long> number(Map<String, String> environment, String name) {
    try {
      return Optional.ofNullable(environment.get(name)).map(Long::valueOf);
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }
}
