package chase.zeus.gpu.nvml;

import java.time.Duration;

/** Waiting for a card, whose counters are refreshed in their own time. */
final class Pauses {
  private Pauses() {}

  static void milliseconds(long count) {
    try {
      Thread.sleep(Duration.ofMillis(count));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for the card", e);
    }
  }
}
