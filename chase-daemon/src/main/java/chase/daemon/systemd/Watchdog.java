package chase.daemon.systemd;

import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Feeds systemd's watchdog, but only while the control loop gets on: a hung driver must not hide
 * behind a timer that still runs.
 */
public final class Watchdog {
  /** Two pings may be missed before systemd acts. */
  private static final int PINGS_PER_LIMIT = 3;

  private final Vertx vertx;
  private final Notifier notifier;
  private final Duration limit;
  private final Supplier<Optional<Instant>> lastStep;
  private final ProgressCheck progress = new ProgressCheck();

  private Watchdog(
      Vertx vertx, Notifier notifier, Duration limit, Supplier<Optional<Instant>> lastStep) {
    this.vertx = vertx;
    this.notifier = notifier;
    this.limit = limit;
    this.lastStep = lastStep;
  }

  /**
   * Starts to ping three times in the limit that the environment sets ({@code WATCHDOG_USEC}).
   *
   * @param lastStep when the control loop last finished a step, such as the newest reading of any
   *     GPU; a ping goes out only when it changed since the one before
   * @return whether systemd asked for pings at all
   */
  public static boolean start(
      Vertx vertx,
      Notifier notifier,
      Map<String, String> environment,
      Supplier<Optional<Instant>> lastStep) {
    Optional<Duration> limit =
        WatchdogLimit.of(environment, ProcessHandle.current().pid()).filter(l -> notifier.active());
    limit.ifPresent(time -> new Watchdog(vertx, notifier, time, lastStep).start());
    return limit.isPresent();
  }

  private void start() {
    long period = Math.max(1, limit.toMillis() / PINGS_PER_LIMIT);
    vertx.setPeriodic(0, period, tick -> ping());
  }

  private void ping() {
    if (progress.madeSince(lastStep.get())) {
      notifier.watchdog();
    }
  }

  /** Whether work goes on. Used by one thread only. */
  static final class ProgressCheck {
    private Optional<Instant> seen = Optional.empty();

    /** Whether the last step of the work is another one than at the last call. */
    boolean madeSince(Optional<Instant> lastStep) {
      boolean moved = lastStep.isPresent() && !lastStep.equals(seen);
      seen = lastStep;
      return moved;
    }
  }

  /** How long systemd waits for a sign of life (sd_watchdog_enabled(3)). */
  static final class WatchdogLimit {
    private WatchdogLimit() {}

    /**
     * The limit that the environment sets for the process {@code pid}: {@code WATCHDOG_USEC},
     * unless {@code WATCHDOG_PID} names another process. Empty as well when it is not a positive
     * number.
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
}
