package chase.daemon.page;

import java.time.Instant;
import java.time.ZoneId;
import java.util.function.BooleanSupplier;
import java.util.function.DoubleSupplier;

/**
 * What a page shows of its daemon besides the figures; only a reload changes it.
 *
 * @param version Chase's version
 * @param instance names this run of the daemon, so that a page notices the next one
 * @param hostName what the host calls itself
 * @param zone the host's time zone, whose calendar says what today is
 * @param startedAt when the daemon started
 * @param gridSpeed reads how many seconds of the grid pass in one of the clock; more than 1 for a
 *     recording
 * @param namesUsers reads whether users are named
 */
public record PageSettings(
    String version,
    String instance,
    String hostName,
    ZoneId zone,
    Instant startedAt,
    DoubleSupplier gridSpeed,
    BooleanSupplier namesUsers) {
  /** How many seconds of the grid pass in one of the clock; more than 1 for a recording. */
  double speed() {
    return gridSpeed.getAsDouble();
  }

  /** Whether users are named. */
  boolean userNames() {
    return namesUsers.getAsBoolean();
  }
}
