package chase.daemon.api;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;

/** The grid as the daemon knows it: {@code GET /v1/signal}. */
public record SignalBody(
    String provider,
    String region,
    LevelBody level,
    boolean trusted,
    long maxAgeSeconds,
    Optional<Current> current,
    Optional<Double> referenceGramsPerKwh,
    Optional<Double> referenceRatio,
    Optional<FailureBody> trouble,
    long pollsOk,
    long pollsFailed,
    Optional<PriceBody> price,
    Weights weights,
    List<String> attributions,
    List<String> notices,
    Optional<OutlookBody> outlook) {
  /** Copies the lists. */
  public SignalBody {
    attributions = List.copyOf(attributions);
    notices = List.copyOf(notices);
  }

  /** The {@link #provider} where none is configured. */
  public static final String NO_PROVIDER = "none";

  /** The reason of a {@link #trouble} that is none: the first answer is awaited. */
  public static final String NO_ANSWER_YET = "no_answer_yet";

  /** How far a signal has fallen back. */
  public record LevelBody(int number, String name) {}

  /** How much each signal counts in what a joule weighs; only the ratio matters. */
  public record Weights(double carbon, double price) {}

  /** One carbon intensity and where it comes from. */
  public record Current(
      double carbonIntensityGramsPerKwh,
      String provider,
      String region,
      String margin,
      String scope,
      String origin,
      Optional<String> estimationMethod,
      Optional<Long> forecastAheadSeconds,
      Optional<Instant> recordedAt,
      Instant validFrom,
      Instant validTo,
      Instant publishedAt,
      Instant fetchedAt,
      Optional<LocalDate> modelDate,
      long ageSeconds,
      List<String> via,
      long fetchedAgeSeconds) {
    /** Copies the list. */
    public Current {
      via = List.copyOf(via);
    }

    /** The hosts that passed it on, as text; empty where this host asked the provider itself. */
    public Optional<String> viaText() {
      return via.isEmpty() ? Optional.empty() : Optional.of("via " + String.join(", ", via));
    }
  }

  /** Why there is no new number. */
  public record FailureBody(
      String reason, String message, Instant since, Optional<Instant> nextAsked) {}

  /**
   * The recorded past of one series: {@code GET /v1/signal/history}.
   *
   * @param next where the values begin that follow, where there are more
   */
  public record HistoryBody(
      Optional<SeriesBody> series,
      List<SeriesBody> others,
      Optional<Instant> recordedFrom,
      Optional<Instant> recordedTo,
      List<ValueBody> values,
      Optional<Instant> next) {
    /** Copies the lists. */
    public HistoryBody {
      others = List.copyOf(others);
      values = List.copyOf(values);
    }

    /** Of what values are. */
    public record SeriesBody(
        String provider, String region, String margin, String scope, Optional<String> attribution) {
      /** Such as {@code neso GB (average, direct)}. */
      public String text() {
        return "%s %s (%s, %s)".formatted(provider, region, margin, scope);
      }
    }

    /** One period. */
    public record ValueBody(Instant from, Instant to, double gramsPerKwh, String origin) {}
  }

  /** What energy costs. */
  public record PriceBody(
      String provider,
      String region,
      boolean trusted,
      Optional<CurrentPrice> current,
      Optional<Double> referencePerMwh,
      Optional<SignalBody.FailureBody> trouble,
      long pollsOk,
      long pollsFailed) {
    /** One price. */
    public record CurrentPrice(
        double pricePerMwh, String currency, String origin, Instant validFrom, Instant validTo) {}
  }
}
