package chase.daemon.cli.simulate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class ProgressLineTest {
  private final StringWriter screen = new StringWriter();
  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.parse("2026-03-01T00:00:00Z"));

  private ProgressLine bar(boolean visible) {
    return ProgressLine.start(new PrintWriter(screen), visible, now::get, 4);
  }

  private void wait(int millis) {
    now.set(now.get().plusMillis(millis));
  }

  @Test
  void workOfLessThanASecondShowsNothing() {
    try (ProgressLine bar = bar(true)) {
      bar.step();
      wait(999);
      bar.step();
    }
    assertThat(screen.toString()).isEmpty();
  }

  @Test
  void longerWorkShowsHowFarItIsAndLeavesAnEmptyLine() {
    try (ProgressLine bar = bar(true)) {
      bar.step();
      wait(1000);
      bar.step();
      await().untilAsserted(() -> assertThat(screen.toString()).contains("50%", "2/4"));
    }
    assertThat(screen.toString()).matches("(?s).*\\r {72}\\r");
  }

  @Test
  void nothingIsWrittenWithoutATerminal() {
    try (ProgressLine bar = bar(false)) {
      wait(5000);
      bar.step();
    }
    assertThat(screen.toString()).isEmpty();
  }
}
