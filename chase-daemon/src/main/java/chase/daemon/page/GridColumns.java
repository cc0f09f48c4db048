package chase.daemon.page;

import chase.carbon.CarbonIntensity;
import chase.carbon.EnergyPrice;
import chase.carbon.GramsPerKwh;
import chase.carbon.Provenance;
import chase.carbon.TimedValue;
import chase.carbon.forecast.ForecastPoint;
import chase.daemon.api.PageBody.AheadBody;
import chase.daemon.api.PageBody.PastBody;
import chase.daemon.api.PageBody.PricesBody;
import chase.daemon.grid.GridPast;
import chase.daemon.grid.GridState;
import chase.daemon.grid.PriceState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The grid's past and outlook as columns for charts; pure.
 *
 * @param grid what is known of it
 * @param past its last day
 * @param shownUntil where the charts end
 * @param now the moment that divides both
 */
record GridColumns(GridState grid, GridPast past, Instant shownUntil, Instant now) {

  PastBody pastBody() {
    List<CarbonIntensity> values = past.intensities();
    return new PastBody(
        starts(values),
        ends(values),
        values.stream().map(value -> round(value.value().value())).toList(),
        values.stream().map(value -> value.provenance().label()).toList());
  }

  AheadBody aheadBody() {
    List<CarbonIntensity> values =
        grid.forecast().stream().filter(value -> value.validFrom().isBefore(shownUntil)).toList();
    return new AheadBody(
        starts(values),
        ends(values),
        values.stream().map(value -> round(value.value().value())).toList(),
        bounds(values, ForecastPoint::low),
        bounds(values, ForecastPoint::high),
        values.stream().map(value -> value.provenance().label()).toList());
  }

  /** Only what Chase forecasts itself has a band. */
  private List<@Nullable Double> bounds(
      List<CarbonIntensity> values, Function<ForecastPoint, GramsPerKwh> bound) {
    Map<Instant, ForecastPoint> own =
        grid.details().ownForecast().stream()
            .collect(Collectors.toMap(ForecastPoint::to, point -> point, (a, b) -> a));
    List<@Nullable Double> bounds = new ArrayList<>(values.size());
    for (CarbonIntensity value : values) {
      boolean isOwn = value.provenance() instanceof Provenance.ForecastByChase;
      bounds.add(
          Optional.ofNullable(own.get(value.validTo()))
              .filter(point -> isOwn)
              .map(bound)
              .map(grams -> round(grams.value()))
              .orElse(null));
    }
    return bounds;
  }

  /** Of the last day and as far ahead as charts go; empty where no price is known. */
  Optional<PricesBody> pricesBody() {
    Map<Instant, EnergyPrice> byStart = new TreeMap<>();
    past.prices().forEach(price -> byStart.put(price.validFrom(), price));
    grid.price().map(PriceState::settled).orElse(List.of()).stream()
        .filter(price -> price.validFrom().isBefore(shownUntil))
        .filter(price -> price.validTo().isAfter(now))
        .forEach(price -> byStart.put(price.validFrom(), price));
    List<EnergyPrice> values = List.copyOf(byStart.values());
    return values.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new PricesBody(
                starts(values),
                ends(values),
                values.stream().map(price -> round(price.value().value())).toList(),
                values.getLast().value().currency().getCurrencyCode()));
  }

  private static List<Long> starts(List<? extends TimedValue> values) {
    return values.stream().map(value -> value.validFrom().getEpochSecond()).toList();
  }

  private static List<Long> ends(List<? extends TimedValue> values) {
    return values.stream().map(value -> value.validTo().getEpochSecond()).toList();
  }

  /** The end of the outlook, at most {@code longest} ahead. */
  static Instant end(GridState grid, Duration longest, Instant now) {
    Instant furthest = now.plus(longest);
    Instant known = grid.forecast().isEmpty() ? now : grid.forecast().getLast().validTo();
    return known.isBefore(now) ? now : known.isAfter(furthest) ? furthest : known;
  }

  private static double round(double value) {
    return Math.rint(value * 1e2) / 1e2;
  }
}
