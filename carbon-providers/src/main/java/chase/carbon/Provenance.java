package chase.carbon;

import java.time.Duration;
import java.time.Instant;
import java.time.Year;

/** How a value came about. */
public sealed interface Provenance {
  /** From meters, as far as the provider says. */
  record Measured() implements Provenance {}

  /**
   * Filled in by the provider.
   *
   * @param method the provider's name for how
   */
  record Estimated(String method) implements Provenance {}

  /**
   * Predicted by the provider.
   *
   * @param ahead how far before the period the prediction was made; zero for a nowcast
   */
  record ForecastByProvider(Duration ahead) implements Provenance {}

  /**
   * Predicted by Chase itself from the region's past.
   *
   * @param ahead how far before the period the prediction was made
   * @param model the model's name, such as {@code lite} or {@code persistence}
   */
  record ForecastByChase(Duration ahead, String model) implements Provenance {}

  /**
   * A yearly mean: what the region is like, not how it is now.
   *
   * @param year the year that it describes
   * @param source whose figure it is, with its licence where it has one
   */
  record Static(Year year, String source) implements Provenance {}

  /**
   * Played back from a recording: not the grid of today.
   *
   * @param recordedAt when the value was true
   */
  record Replayed(Instant recordedAt) implements Provenance {}

  /**
   * Whether it says what came about, by a meter, an estimate or a recording. A forecast is no truth
   * to learn from or to score forecasts by, also where it is the best that is known of now.
   */
  default boolean isObserved() {
    return switch (this) {
      case Measured m -> true;
      case Estimated e -> true;
      case Replayed r -> true;
      case ForecastByProvider f -> false;
      case ForecastByChase own -> false;
      case Static s -> false;
    };
  }

  /**
   * One word for tables and labels: measured, estimated, forecast, own-forecast, replayed or
   * static.
   */
  default String label() {
    return switch (this) {
      case Measured m -> "measured";
      case Estimated e -> "estimated";
      case ForecastByProvider f -> "forecast";
      case ForecastByChase own -> "own-forecast";
      case Replayed r -> "replayed";
      case Static s -> "static";
    };
  }
}
