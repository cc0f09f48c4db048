package chase.carbon;

import java.time.Duration;
import java.time.Instant;

/** How a number came about. */
public sealed interface Origin {
  /** From meters, as far as the provider says. */
  record Measured() implements Origin {}

  /**
   * Filled in by the provider.
   *
   * @param method the provider's name for how
   */
  record Estimated(String method) implements Origin {}

  /**
   * Predicted by the provider.
   *
   * @param ahead how far before the period the prediction was made; zero for a nowcast
   */
  record Forecast(Duration ahead) implements Origin {}

  /**
   * Played back from a recording: not the grid of today.
   *
   * @param recordedAt when the number was true
   */
  record Replayed(Instant recordedAt) implements Origin {}

  /** One word for tables and labels: measured, estimated, forecast or replayed. */
  default String word() {
    return switch (this) {
      case Measured m -> "measured";
      case Estimated e -> "estimated";
      case Forecast f -> "forecast";
      case Replayed r -> "replayed";
    };
  }
}
