package chase.carbon.http;

import java.time.Duration;

/**
 * How long a provider may take.
 *
 * @param connect until the connection stands
 * @param read between two pieces of the answer
 * @param call for the whole of it, so that a slow drip ends too
 */
public record Timeouts(Duration connect, Duration read, Duration call) {
  /** For a poll every few minutes: 5 s to connect, 10 s of silence, 20 s in all. */
  public static final Timeouts DEFAULT =
      new Timeouts(Duration.ofSeconds(5), Duration.ofSeconds(10), Duration.ofSeconds(20));

  /** Refuses anything under a millisecond with {@link IllegalArgumentException}. */
  public Timeouts {
    if (connect.toMillis() < 1 || read.toMillis() < 1 || call.toMillis() < 1) {
      throw new IllegalArgumentException(
          "timeouts must be at least 1 ms: " + connect + ", " + read + ", " + call);
    }
  }
}
