package chase.daemon.systemd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WatchdogTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  @TempDir Path dir;
  private final Vertx vertx = Vertx.vertx();

  @AfterEach
  void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  @Test
  void aLoopThatGetsOnFeedsTheWatchdog() {
    String socket = dir.resolve("notify").toString();
    var steps = new AtomicInteger();
    try (var systemd = new NotifyListener(socket)) {
      assertThat(start(socket, () -> Optional.of(START.plusSeconds(steps.incrementAndGet()))))
          .isTrue();
      for (int ping = 0; ping < 3; ping++) {
        await().until(systemd::next, "WATCHDOG=1"::equals);
      }
    }
  }

  @Test
  void aLoopThatHangsStarvesTheWatchdog() {
    String socket = dir.resolve("notify").toString();
    var asked = new AtomicInteger();
    try (var systemd = new NotifyListener(socket)) {
      start(
          socket,
          () -> {
            asked.incrementAndGet();
            return Optional.of(START);
          });
      await().until(() -> asked.get() >= 4);
      assertThat(systemd.next()).isEqualTo("WATCHDOG=1");
      assertThat(systemd.next()).isEmpty();
    }
  }

  @Test
  void withoutALimitNoPingsAreSent() {
    assertThat(Watchdog.start(vertx, Notifier.of(Map.of()), Map.of(), () -> Optional.of(START)))
        .isFalse();
  }

  @Test
  void progressIsAStepThatWasNotSeenBefore() {
    var progress = new Watchdog.ProgressCheck();
    assertThat(progress.madeSince(Optional.empty())).isFalse();
    assertThat(progress.madeSince(Optional.of(START))).isTrue();
    assertThat(progress.madeSince(Optional.of(START))).isFalse();
    assertThat(progress.madeSince(Optional.of(START.plusSeconds(1)))).isTrue();
  }

  @Test
  void theLimitIsTheOneThatSystemdSet() {
    assertThat(Watchdog.WatchdogLimit.of(Map.of("WATCHDOG_USEC", "60000000"), 7))
        .contains(Duration.ofMinutes(1));
    assertThat(Watchdog.WatchdogLimit.of(Map.of("WATCHDOG_USEC", "1000", "WATCHDOG_PID", "7"), 7))
        .contains(Duration.ofMillis(1));
  }

  @Test
  void aLimitForAnotherProcessOrOfNonsenseIsNone() {
    assertThat(Watchdog.WatchdogLimit.of(Map.of(), 7)).isEmpty();
    assertThat(Watchdog.WatchdogLimit.of(Map.of("WATCHDOG_USEC", "1000", "WATCHDOG_PID", "8"), 7))
        .isEmpty();
    assertThat(Watchdog.WatchdogLimit.of(Map.of("WATCHDOG_USEC", "1000", "WATCHDOG_PID", "x"), 7))
        .isEmpty();
    assertThat(Watchdog.WatchdogLimit.of(Map.of("WATCHDOG_USEC", "soon"), 7)).isEmpty();
    assertThat(Watchdog.WatchdogLimit.of(Map.of("WATCHDOG_USEC", "0"), 7)).isEmpty();
  }

  private boolean start(String socket, Supplier<Optional<Instant>> lastStep) {
    var environment = Map.of("NOTIFY_SOCKET", socket, "WATCHDOG_USEC", "90000");
    return Watchdog.start(vertx, Notifier.of(environment), environment, lastStep);
  }
}
