package chase.daemon.page;

import java.time.Instant;
import java.time.ZoneId;

/**
 * What does not change while the daemon runs.
 *
 * @param version Chase's version
 * @param instance names this run of the daemon, so that a page notices the next one
 * @param hostName what the host calls itself
 * @param zone the host's time zone, whose calendar says what today is
 * @param startedAt when the daemon started
 * @param speed how many seconds of the grid pass in one of the clock; more than 1 for a recording
 * @param userNames whether users are named
 */
public record PageSettings(
    String version,
    String instance,
    String hostName,
    ZoneId zone,
    Instant startedAt,
    double speed,
    boolean userNames) {}
