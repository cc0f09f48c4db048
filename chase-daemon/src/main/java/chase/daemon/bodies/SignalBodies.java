package chase.daemon.bodies;

import static chase.daemon.bodies.GpuBodies.round;
import static chase.daemon.bodies.GpuBodies.word;

import chase.carbon.CarbonIntensity;
import chase.carbon.CarbonUnavailable;
import chase.carbon.EnergyPrice;
import chase.carbon.Provenance;
import chase.carbon.fallback.SourceStatus;
import chase.carbon.forecast.ForecastPoint;
import chase.carbon.history.SeriesKey;
import chase.carbon.http.CallCounts;
import chase.daemon.api.OutlookBody;
import chase.daemon.api.SignalBody;
import chase.daemon.explain.GridText;
import chase.daemon.grid.GridState;
import chase.daemon.grid.PriceState;
import chase.daemon.grid.SignalArchive;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The grid's state as JSON bodies; pure.
 *
 * @param grid the grid's state
 * @param now the moment at which the bodies have to be true
 */
public record SignalBodies(GridState grid, Instant now) {
  /** In short, as a part of the whole daemon's state. */
  public SignalBody brief() {
    return signal(Optional.empty());
  }

  /** With the forecast and the state of the providers. */
  public SignalBody whole(List<CallCounts> calls) {
    return signal(
        Optional.of(
            new OutlookBody(
                grid.forecast().stream().map(this::ahead).toList(),
                scores(),
                intervals(),
                grid.details().sources().stream().map(link -> provider(link, calls)).toList(),
                grid.price().map(price -> prices(price.ahead(now))).orElse(List.of()))));
  }

  private SignalBody signal(Optional<OutlookBody> outlook) {
    return new SignalBody(
        grid.provider(),
        grid.region().code(),
        new SignalBody.LevelBody(grid.level().number(), grid.level().label()),
        grid.trustedAt(now),
        grid.maxAge().toSeconds(),
        grid.current().map(this::current),
        grid.reference(),
        ratio(),
        grid.failure().map(SignalBodies::trouble).or(this::waiting),
        grid.pollsOk(),
        grid.pollsFailed(),
        grid.price().map(this::price),
        new SignalBody.Weights(grid.weights().carbon(), grid.weights().price()),
        Stream.concat(
                attributed().map(SourceStatus::attribution),
                priceShown().map(PriceState::attribution))
            .flatMap(Optional::stream)
            .distinct()
            .toList(),
        Stream.concat(
                grid.details().sources().stream().map(SourceStatus::notice),
                grid.price().stream().map(PriceState::notice))
            .flatMap(Optional::stream)
            .distinct()
            .toList(),
        outlook);
  }

  /** The providers whose figures are shown; of a relay those of all, for it gives others' own. */
  private Stream<SourceStatus> attributed() {
    Set<String> shown =
        Stream.concat(grid.current().stream(), grid.forecast().stream())
            .map(CarbonIntensity::provider)
            .collect(Collectors.toSet());
    List<SourceStatus> sources = shown.isEmpty() ? List.of() : grid.details().sources();
    List<SourceStatus> own =
        sources.stream().filter(source -> shown.contains(source.provider())).toList();
    return own.isEmpty() ? sources.stream() : own.stream();
  }

  private Stream<PriceState> priceShown() {
    return grid.price().stream().filter(price -> price.current(now).isPresent());
  }

  private SignalBody.Current current(CarbonIntensity current) {
    Provenance origin = current.provenance();
    return new SignalBody.Current(
        current.value().value(),
        current.provider(),
        current.region().code(),
        word(current.kind().margin()),
        word(current.kind().scope()),
        origin.label(),
        method(origin),
        ahead(origin).map(Duration::toSeconds),
        origin instanceof Provenance.Replayed r ? Optional.of(r.recordedAt()) : Optional.empty(),
        current.validFrom(),
        current.validTo(),
        current.publishedAt(),
        current.fetchedAt(),
        current.modelDate(),
        current.age(now).toSeconds(),
        current.via().stream().map(CarbonIntensity.Relay::host).toList(),
        Math.max(0, Duration.between(current.fetchedAt(), now).toSeconds()));
  }

  private static Optional<String> method(Provenance origin) {
    return switch (origin) {
      case Provenance.Estimated estimated -> Optional.of(estimated.method());
      case Provenance.ForecastByChase own -> Optional.of(own.model());
      case Provenance.Static mean -> Optional.of(mean.source() + ", " + mean.year());
      case Provenance.Measured m -> Optional.empty();
      case Provenance.ForecastByProvider f -> Optional.empty();
      case Provenance.Replayed r -> Optional.empty();
    };
  }

  private static Optional<Duration> ahead(Provenance origin) {
    return switch (origin) {
      case Provenance.ForecastByProvider forecast -> Optional.of(forecast.ahead());
      case Provenance.ForecastByChase own -> Optional.of(own.ahead());
      case Provenance.Measured m -> Optional.empty();
      case Provenance.Estimated e -> Optional.empty();
      case Provenance.Replayed r -> Optional.empty();
      case Provenance.Static s -> Optional.empty();
    };
  }

  Optional<Double> grams() {
    return grid.current().map(current -> current.value().value());
  }

  private Optional<Double> ratio() {
    return grams().flatMap(grams -> grid.reference().map(reference -> round(grams / reference)));
  }

  /** A part of the recorded past; empty where nothing is recorded. */
  public static SignalBody.HistoryBody history(Optional<SignalArchive.ArchivedPart> part) {
    return part.map(known ->
            new SignalBody.HistoryBody(
                Optional.of(series(known.series(), known.attribution())),
                known.others().stream().map(key -> series(key, Optional.empty())).toList(),
                known.stored().from(),
                known.stored().to(),
                known.stored().values().stream().map(SignalBodies::value).toList(),
                known.stored().next()))
        .orElseGet(() ->
            new SignalBody.HistoryBody(
                Optional.empty(),
                List.of(),
                Optional.empty(),
                Optional.empty(),
                List.of(),
                Optional.empty()));
  }

  private static SignalBody.HistoryBody.SeriesBody series(
      SeriesKey key, Optional<String> attribution) {
    return new SignalBody.HistoryBody.SeriesBody(
        key.provider(),
        key.region().code(),
        word(key.kind().margin()),
        word(key.kind().scope()),
        attribution);
  }

  private static SignalBody.HistoryBody.ValueBody value(CarbonIntensity value) {
    return new SignalBody.HistoryBody.ValueBody(
        value.validFrom(), value.validTo(), value.value().value(), value.provenance().label());
  }

  private static SignalBody.FailureBody trouble(GridState.PollFailure trouble) {
    return new SignalBody.FailureBody(
        word(trouble.reason()),
        trouble.message(),
        trouble.since(),
        Optional.of(trouble.nextPoll()));
  }

  /** That a provider has not answered yet is no failure, and still why there is no number. */
  private Optional<SignalBody.FailureBody> waiting() {
    return grid.waitingSince()
        .map(since ->
            new SignalBody.FailureBody(
                SignalBody.NO_ANSWER_YET,
                new GridText(grid, now).waiting(),
                since.isAfter(now) ? now : since,
                Optional.of(since).filter(now::isBefore)));
  }

  private SignalBody.PriceBody price(PriceState price) {
    return new SignalBody.PriceBody(
        price.provider(),
        price.region().code(),
        price.trustedAt(now),
        price
            .current(now)
            .map(current ->
                new SignalBody.PriceBody.CurrentPrice(
                    current.value().value(),
                    current.value().currency().getCurrencyCode(),
                    current.provenance().label(),
                    current.validFrom(),
                    current.validTo())),
        price.reference(),
        price.failure().map(SignalBodies::trouble),
        price.pollsOk(),
        price.pollsFailed());
  }

  private static List<OutlookBody.Price> prices(List<EnergyPrice> ahead) {
    return ahead.stream()
        .map(price ->
            new OutlookBody.Price(price.validFrom(), price.validTo(), price.value().value()))
        .toList();
  }

  /** Only what Chase forecasts itself has an interval. */
  private OutlookBody.PeriodBody ahead(CarbonIntensity period) {
    Optional<ForecastPoint> own =
        period.provenance() instanceof Provenance.ForecastByChase
            ? grid.details().ownForecast().stream()
                .filter(slot -> slot.to().equals(period.validTo()))
                .findFirst()
            : Optional.empty();
    return new OutlookBody.PeriodBody(
        period.validFrom(),
        period.validTo(),
        round(period.value().value()),
        grams(own.map(ForecastPoint::low).map(low -> low.value())),
        grams(own.map(ForecastPoint::high).map(high -> high.value())),
        period.provenance().label(),
        method(period.provenance()));
  }

  private static Optional<Double> grams(Optional<Double> value) {
    return value.map(grams -> round(grams));
  }

  private List<OutlookBody.ModelErrorBody> scores() {
    return grid.details().forecasts().scores().stream()
        .map(score ->
            new OutlookBody.ModelErrorBody(
                score.model().label(),
                score.horizon().toSeconds(),
                round(score.errorRatio()),
                score.count(),
                score.used()))
        .toList();
  }

  private List<OutlookBody.IntervalBody> intervals() {
    return grid.details().forecasts().coverage().stream()
        .map(one ->
            new OutlookBody.IntervalBody(
                one.horizon().toSeconds(), round(one.ratio()), one.count()))
        .toList();
  }

  private static OutlookBody.Provider provider(SourceStatus link, List<CallCounts> all) {
    Optional<CallCounts> calls =
        all.stream().filter(one -> one.provider().equals(link.provider())).findFirst();
    return new OutlookBody.Provider(
        link.provider(),
        link.region().code(),
        link.failure().map(CarbonUnavailable::getMessage),
        link.forecastFailure().map(CarbonUnavailable::getMessage),
        link.nextPoll(),
        words(link.rejected().counts()),
        link.rejected().last().map(held -> held.message()),
        calls.map(known -> words(known.total())).orElse(Map.of()),
        calls.map(CallCounts::lastHour),
        calls.map(CallCounts::hourlyBudget));
  }

  private static Map<String, Long> words(Map<? extends Enum<?>, Long> counts) {
    Map<String, Long> words = new TreeMap<>();
    counts.forEach((reason, count) -> words.put(word(reason), count));
    return words;
  }
}
