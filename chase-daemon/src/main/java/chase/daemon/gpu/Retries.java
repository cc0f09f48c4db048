package chase.daemon.gpu;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** The growing pauses between tries, until there is no more time. For one thread. */
final class Retries {
  private static final Duration FIRST_PAUSE = Duration.ofMillis(250);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

  private final CompletableFuture<?> over;
  private Duration pause = FIRST_PAUSE;

  /** Tries until {@code over} completes. */
  Retries(CompletableFuture<?> over) {
    this.over = over;
  }

  /** Waits before the next try; false when there is no time for it. */
  boolean waitForRetry() {
    await(over, pause);
    Duration doubled = pause.multipliedBy(2);
    pause = doubled.compareTo(LONGEST_PAUSE) < 0 ? doubled : LONGEST_PAUSE;
    return !over.isDone();
  }

  /** Waits for {@code end}, however it ends, and no longer than {@code atMost}. */
  static void await(CompletableFuture<?> end, Duration atMost) {
    end.handle((result, failure) -> true)
        .completeOnTimeout(false, atMost.toMillis(), TimeUnit.MILLISECONDS)
        .join();
  }
}
