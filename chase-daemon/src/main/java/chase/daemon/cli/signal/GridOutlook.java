package chase.daemon.cli.signal;

import chase.daemon.api.OutlookBody;
import chase.daemon.api.SignalBody;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One figure of the grid now and ahead: what a kilowatt-hour emits, or what a joule weighs.
 *
 * @param slots ascending, none overlapping, the running one first; empty without a signal
 * @param source who says so, for people
 */
public record GridOutlook(List<OutlookSlot> slots, String source) {
  /** A provider that publishes late has not stopped to. */
  private static final Duration LATE = Duration.ofHours(1);

  /** Windows that differ by less than this share are as clean as each other. */
  private static final double NEGLIGIBLE = 0.01;

  /**
   * A period of one value.
   *
   * @param to its end, excluded
   */
  public record OutlookSlot(Instant from, Instant to, double value) {}

  /** A stretch of time, and the mean in it. */
  public record OutlookWindow(Instant from, double mean) {}

  /** Copies the list. */
  public GridOutlook {
    slots = List.copyOf(slots);
  }

  /**
   * What a kilowatt-hour emits from {@code now} on, in gCO2/kWh, as far as it is known.
   *
   * @param at when a daemon returned {@code signal}
   */
  public static GridOutlook grams(SignalBody signal, Instant at, Instant now) {
    Optional<Double> current =
        signal.trusted()
            ? signal.current().map(SignalBody.Current::carbonIntensityGramsPerKwh)
            : Optional.empty();
    List<OutlookSlot> ahead =
        ahead(signal).stream()
            .map(period -> new OutlookSlot(period.from(), period.to(), period.gramsPerKwh()))
            .toList();
    Instant end = signal.current().map(SignalBody.Current::validTo).orElse(now);
    return new GridOutlook(joined(current, end, at, ahead, now), source(signal));
  }

  /**
   * What a joule weighs from {@code now} on, as a policy sees it: carbon and price over their
   * references, each by its weight.
   *
   * @param at when a daemon returned {@code signal}
   */
  public static GridOutlook weights(SignalBody signal, Instant at, Instant now) {
    SignalBody.Weights weights = signal.weights();
    GridOutlook carbon =
        grams(signal, at, now)
            .scaled(signal.referenceGramsPerKwh().map(most -> weights.carbon() / most));
    GridOutlook price = prices(signal, at, now);
    if (weights.price() <= 0 || price.slots.isEmpty()) {
      return weights.carbon() > 0 ? carbon : new GridOutlook(List.of(), carbon.source);
    }
    return weights.carbon() <= 0 || carbon.slots.isEmpty() ? price : carbon.plus(price);
  }

  private static GridOutlook prices(SignalBody signal, Instant at, Instant now) {
    Optional<SignalBody.PriceBody> price = signal.price().filter(SignalBody.PriceBody::trusted);
    Optional<SignalBody.PriceBody.CurrentPrice> current =
        price.flatMap(SignalBody.PriceBody::current);
    List<OutlookSlot> ahead =
        signal.outlook().map(OutlookBody::prices).orElse(List.of()).stream()
            .map(one -> new OutlookSlot(one.from(), one.to(), one.pricePerMwh()))
            .toList();
    Instant end = current.map(SignalBody.PriceBody.CurrentPrice::validTo).orElse(now);
    return new GridOutlook(
            joined(current.map(one -> one.pricePerMwh()), end, at, ahead, now),
            price.map(one -> "price by %s %s".formatted(one.provider(), one.region())).orElse(""))
        .scaled(
            price
                .flatMap(SignalBody.PriceBody::referencePerMwh)
                .map(most -> signal.weights().price() / most));
  }

  private static List<OutlookBody.PeriodBody> ahead(SignalBody signal) {
    return signal.outlook().map(OutlookBody::ahead).orElse(List.of());
  }

  /**
   * The value that counts now, until the forecast begins, and then that. What counted {@code at} a
   * time although its period was over, because the next one is late, counts for a while.
   */
  private static List<OutlookSlot> joined(
      Optional<Double> current, Instant end, Instant at, List<OutlookSlot> ahead, Instant now) {
    Instant latest = (end.isAfter(at) ? end : at).plus(LATE);
    Instant known = end.isAfter(at) ? end : latest;
    List<OutlookSlot> slots = new ArrayList<>();
    List<OutlookSlot> later = ahead.stream().filter(slot -> slot.to().isAfter(now)).toList();
    if (current.isPresent()) {
      Instant until =
          later.stream()
              .map(OutlookSlot::from)
              .filter(from -> !from.isAfter(latest))
              .findFirst()
              .orElse(known);
      if (until.isAfter(now)) {
        slots.add(new OutlookSlot(now, until, current.get()));
      }
    }
    for (OutlookSlot slot : later) {
      Instant begun = slots.isEmpty() ? now : slots.getLast().to();
      Instant from = slot.from().isBefore(begun) ? begun : slot.from();
      if (from.isBefore(slot.to())) {
        slots.add(new OutlookSlot(from, slot.to(), slot.value()));
      }
    }
    return slots;
  }

  /** Such as {@code neso GB, the provider's forecast}. */
  private static String source(SignalBody signal) {
    if (signal.provider().equals(SignalBody.NO_PROVIDER)) {
      return "no provider is configured (carbon.provider)";
    }
    String who = signal.provider() + " " + signal.region();
    List<String> models =
        ahead(signal).stream()
            .map(period ->
                period
                    .model()
                    .map(model -> "Chase's own forecast (" + model + ")")
                    .orElse("the provider's forecast"))
            .distinct()
            .toList();
    return models.isEmpty() ? who + ", no forecast" : who + ", " + String.join(", then ", models);
  }

  private GridOutlook scaled(Optional<Double> factor) {
    return new GridOutlook(
        factor
            .map(by ->
                slots.stream()
                    .map(slot -> new OutlookSlot(slot.from(), slot.to(), by * slot.value()))
                    .toList())
            .orElse(List.of()),
        source);
  }

  /** As far as both are known. */
  private GridOutlook plus(GridOutlook other) {
    List<Instant> edges =
        Stream.concat(slots.stream(), other.slots.stream())
            .flatMap(slot -> Stream.of(slot.from(), slot.to()))
            .distinct()
            .sorted()
            .toList();
    List<OutlookSlot> sums = new ArrayList<>();
    for (int i = 1; i < edges.size(); i++) {
      Instant from = edges.get(i - 1);
      Instant to = edges.get(i);
      Optional<Double> sum = at(from).flatMap(one -> other.at(from).map(two -> one + two));
      sum.ifPresent(value -> sums.add(new OutlookSlot(from, to, Math.max(0, value))));
    }
    return new GridOutlook(sums, source + "; " + other.source);
  }

  /** The value at {@code at}, where it is known. */
  public Optional<Double> at(Instant at) {
    return slots.stream()
        .filter(slot -> !slot.from().isAfter(at) && slot.to().isAfter(at))
        .findFirst()
        .map(OutlookSlot::value);
  }

  /** Until when it is known; {@code otherwise} without a signal. */
  public Instant knownUntil(Instant otherwise) {
    return slots.isEmpty() ? otherwise : slots.getLast().to();
  }

  /** When the value is first below {@code bound}, from {@code now} on. */
  public Optional<Instant> firstBelow(double bound, Instant now) {
    return slots.stream()
        .filter(slot -> slot.value() < bound && slot.to().isAfter(now))
        .findFirst()
        .map(slot -> slot.from().isAfter(now) ? slot.from() : now);
  }

  /** The mean from {@code from} to {@code to}, over what is known of that; empty for nothing. */
  public Optional<Double> mean(Instant from, Instant to) {
    double sum = 0;
    double known = 0;
    for (OutlookSlot slot : slots) {
      double seconds = overlap(slot, from, to);
      sum += seconds * slot.value();
      known += seconds;
    }
    return known > 0 ? Optional.of(sum / known) : Optional.empty();
  }

  /** How many seconds of the stretch are known. */
  private double known(Instant from, Instant to) {
    return slots.stream().mapToDouble(slot -> overlap(slot, from, to)).sum();
  }

  private static double overlap(OutlookSlot slot, Instant from, Instant to) {
    Instant begin = slot.from().isAfter(from) ? slot.from() : from;
    Instant end = slot.to().isBefore(to) ? slot.to() : to;
    return begin.isBefore(end) ? Duration.between(begin, end).toMillis() / 1000.0 : 0;
  }

  /**
   * The window of {@code length} with the lowest mean that begins from {@code now} to {@code
   * latest} and is known throughout; of windows that are as clean as each other the first. The mean
   * changes linearly between the moments at which a window begins or ends with a slot, so that no
   * other has to be tried.
   */
  public Optional<OutlookWindow> cleanest(Duration length, Instant now, Instant latest) {
    List<OutlookWindow> windows =
        Stream.concat(
                Stream.of(now, latest),
                slots.stream()
                    .flatMap(slot -> Stream.of(slot.from(), slot.to(), slot.to().minus(length))))
            .filter(from -> !from.isBefore(now) && !from.isAfter(latest))
            .distinct()
            .sorted()
            .filter(from -> known(from, from.plus(length)) >= length.toMillis() / 1000.0 - 0.001)
            .map(from -> new OutlookWindow(from, mean(from, from.plus(length)).orElseThrow()))
            .toList();
    double lowest = windows.stream().mapToDouble(OutlookWindow::mean).min().orElse(0);
    return windows.stream()
        .filter(window -> window.mean() <= lowest + NEGLIGIBLE * Math.abs(lowest))
        .findFirst();
  }
}
