package chase.daemon.grid;

import chase.carbon.CarbonIntensity;
import chase.carbon.CarbonUnavailable;
import chase.carbon.Region;
import chase.carbon.fallback.FallbackLevel;
import chase.carbon.fallback.SourceStatus;
import chase.carbon.forecast.ForecastPoint;
import chase.carbon.forecast.ForecastScores;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What the daemon knows of the grid.
 *
 * @param provider the first provider
 * @param region about where
 * @param level how far the signal has fallen back
 * @param current the number that counts at this level; without a signal the last one that did
 * @param forecast the forecast of the periods after it
 * @param failure why the first provider has no new number, empty when it has
 * @param maxAge how old a number may be and still be acted on
 * @param reference the intensity that counts as dirty, gCO2/kWh, once there is one
 * @param pollsOk polls that brought a number
 * @param pollsFailed polls that did not
 * @param details what stands behind it
 * @param price what energy costs, where a provider is configured
 * @param weights how much carbon and price count
 */
public record GridState(
    String provider,
    Region region,
    FallbackLevel level,
    Optional<CarbonIntensity> current,
    List<CarbonIntensity> forecast,
    Optional<PollFailure> failure,
    Duration maxAge,
    Optional<Double> reference,
    long pollsOk,
    long pollsFailed,
    Details details,
    Optional<PriceState> price,
    SignalWeights weights) {
  private static final String GRAMS = "gCO2/kWh";

  /** The provider's name where none is configured. */
  public static final String NO_PROVIDER = "none";

  /** Copies the list. */
  public GridState {
    forecast = List.copyOf(forecast);
  }

  /** A grid of which one provider's last number is known, or none, and nothing else. */
  public GridState(
      String provider,
      Region region,
      Optional<CarbonIntensity> current,
      Optional<PollFailure> trouble,
      Duration maxAge,
      Optional<Double> reference,
      long pollsOk,
      long pollsFailed) {
    this(
        provider,
        region,
        current.isPresent() ? FallbackLevel.LIVE : FallbackLevel.NO_SIGNAL,
        current,
        List.of(),
        trouble,
        maxAge,
        reference,
        pollsOk,
        pollsFailed,
        Details.NONE,
        Optional.empty(),
        SignalWeights.CARBON);
  }

  /** A grid without a provider. */
  public static GridState withoutProvider(Region region, Duration maxAge) {
    return new GridState(
        NO_PROVIDER, region, Optional.empty(), Optional.empty(), maxAge, Optional.empty(), 0, 0);
  }

  /** The same grid, about which another provider is polled that has no number yet. */
  GridState withFailure(Optional<PollFailure> ofNext) {
    return new GridState(
        provider,
        region,
        level,
        current,
        forecast,
        ofNext,
        maxAge,
        reference,
        pollsOk,
        pollsFailed,
        details,
        price,
        weights);
  }

  /** The same grid with what energy costs. */
  GridState withPrice(Optional<PriceState> known, SignalWeights counting) {
    return new GridState(
        provider,
        region,
        level,
        current,
        forecast,
        failure,
        maxAge,
        reference,
        pollsOk,
        pollsFailed,
        details,
        known,
        counting);
  }

  /**
   * Why there is no new number.
   *
   * @param reason the kind
   * @param message one readable line
   * @param since when it began
   * @param nextPoll when the provider is polled again
   */
  public record PollFailure(
      CarbonUnavailable.FailureReason reason, String message, Instant since, Instant nextPoll) {}

  /** Whether there is a provider, and it has given neither a number nor a reason for none. */
  public boolean isWaiting() {
    return !provider.equals(NO_PROVIDER)
        && current.isEmpty()
        && failure.isEmpty()
        && pollsOk + pollsFailed == 0;
  }

  /**
   * When a provider was first polled that has not answered yet, or when it will be: a pause that it
   * wanted lasts over a restart. Empty unless {@link #isWaiting}.
   */
  public Optional<Instant> waitingSince() {
    return details.sources().stream()
        .findFirst()
        .filter(first -> isWaiting())
        .map(SourceStatus::nextPoll);
  }

  /** The unit of what a joule weighs: that of the one signal that counts; none where both do. */
  public String weightUnit() {
    if (weights.isBlended()) {
      return "";
    }
    return weights.carbon() > 0
        ? GRAMS
        : price
            .flatMap(known -> known.settled().stream().findFirst())
            .map(known -> known.value().currency().getCurrencyCode() + "/MWh")
            .orElse("");
  }

  /** The number that counts in words. */
  String text(CarbonIntensity number) {
    double grams = number.value().value();
    return String.format(
        Locale.ROOT,
        "%s is at %s (%s%s), %.0f %% of the reference %.0f",
        number.region(),
        number.value(),
        number.provenance().label(),
        number.viaText().map(hosts -> " by " + number.provider() + ", " + hosts).orElse(""),
        100 * grams / reference.orElse(grams),
        reference.orElse(grams));
  }

  /** Whether the carbon intensity may be acted on at {@code now}. */
  public boolean trustedAt(Instant now) {
    return level.usable() && current.isPresent() && current.get().age(now).compareTo(maxAge) < 0;
  }

  /**
   * What stands behind the signal.
   *
   * @param sources how it stands with each provider, in order
   * @param forecasts how the forecasts did
   * @param ownForecast Chase's own forecast with its intervals, where it has one
   */
  public record Details(
      List<SourceStatus> sources, ForecastScores forecasts, List<ForecastPoint> ownForecast) {
    /** Nothing known. */
    public static final Details NONE = new Details(List.of(), ForecastScores.NONE, List.of());

    /** Copies the lists. */
    public Details {
      sources = List.copyOf(sources);
      ownForecast = List.copyOf(ownForecast);
    }
  }
}
