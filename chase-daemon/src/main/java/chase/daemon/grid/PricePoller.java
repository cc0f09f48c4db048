package chase.daemon.grid;

import chase.carbon.CarbonUnavailable;
import chase.carbon.CarbonUnavailable.FailureReason;
import chase.carbon.EnergyPrice;
import chase.carbon.PriceProvider;
import chase.carbon.fallback.PollPolicy;
import chase.daemon.grid.EnergyWeight.Component.Period;
import chase.daemon.grid.GridPast.TrailingValues;
import chase.daemon.grid.GridState.PollFailure;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;

/**
 * Polls the price again and again, and keeps what was settled. All but {@link #poll} on one
 * context; any thread may read the state.
 */
final class PricePoller implements PollLoop.PolledSource<List<EnergyPrice>> {
  private static final Duration TIMEOUT = Duration.ofMinutes(1);

  private final PriceProvider source;
  private final PollPolicy pollPolicy;
  private final ReferenceLevel reference;
  private final InstantSource clock;
  private final DoubleSupplier jitter;
  private final Consumer<Optional<String>> listener;
  private final TrailingValues<EnergyPrice> lastDay;
  private volatile PriceState state;
  private int failuresInARow;

  /**
   * A poller that has not polled yet.
   *
   * @param jitter a number from 0 to 1 at each call, for jitter
   * @param listener called after every poll, with a line for people where something is new
   */
  PricePoller(
      SignalSettings.PriceSettings signal,
      InstantSource clock,
      DoubleSupplier jitter,
      Consumer<Optional<String>> listener) {
    SignalSettings.SignalTiming timing = signal.timing();
    this.source = signal.source();
    this.pollPolicy = signal.pollPolicy();
    this.reference = new ReferenceLevel(signal.reference(), timing.referenceWindow(), timing.day());
    this.lastDay = new TrailingValues<>(timing.day());
    this.clock = clock;
    this.jitter = jitter;
    this.listener = listener;
    this.state = PriceState.initial(source.provider(), source.region(), timing.maxAge());
  }

  PriceState state() {
    return state;
  }

  /** What was settled for the last day. */
  List<EnergyPrice> past(Instant now) {
    return lastDay.at(now);
  }

  /** The price as a part of what a joule weighs at {@code now}; empty when it is not trusted. */
  Optional<EnergyWeight.Component> component(Instant now) {
    if (!state.trustedAt(now)) {
      return Optional.empty();
    }
    List<Period> periods = periods(state.ahead(now));
    return Optional.of(new EnergyWeight.Component(periods, reference.at(now, periods)));
  }

  private static List<Period> periods(List<EnergyPrice> prices) {
    return prices.stream()
        .map(price -> new Period(price.validFrom(), price.validTo(), price.value().value()))
        .toList();
  }

  @Override
  public String name() {
    return "price-feed";
  }

  @Override
  public Duration timeout() {
    return TIMEOUT;
  }

  @Override
  public List<EnergyPrice> poll() throws CarbonUnavailable, InterruptedException {
    return source.settled();
  }

  @Override
  public Duration onAnswer(List<EnergyPrice> settled) {
    Instant now = clock.instant();
    failuresInARow = 0;
    PriceState before = state;
    for (EnergyPrice price : settled) {
      lastDay.add(price, true);
      if (!price.validFrom().isAfter(now)) {
        reference.add(price.validFrom(), price.value().value());
      }
    }
    state =
        new PriceState(
            before.provider(),
            before.region(),
            settled,
            Optional.empty(),
            before.maxAge(),
            Optional.of(reference.at(now, periods(settled))),
            before.pollsOk() + 1,
            before.pollsFailed(),
            source.attribution(),
            source.notice());
    EnergyPrice running = state.current(now).orElse(settled.getFirst());
    boolean news =
        before.failure().isPresent()
            || !before.current(now).map(EnergyPrice::value).equals(Optional.of(running.value()));
    listener.accept(news ? Optional.of(text(running)) : Optional.empty());
    return pollPolicy.afterSuccess(
        running.validFrom(), running.validTo(), now, jitter.getAsDouble());
  }

  private static String text(EnergyPrice price) {
    return "energy in %s costs %s (%s)"
        .formatted(price.region(), price.value(), price.provenance().label());
  }

  @Override
  public Duration onFailure(Exception why) {
    failuresInARow++;
    CarbonUnavailable failure = unavailable(why);
    String message = String.valueOf(failure.getMessage());
    PriceState before = state;
    boolean same =
        before.failure().filter(trouble -> trouble.reason() == failure.reason()).isPresent();
    Instant now = clock.instant();
    Instant since = before.failure().map(PollFailure::since).orElse(now);
    Duration pause = pollPolicy.afterFailure(failure, failuresInARow, jitter.getAsDouble());
    state =
        new PriceState(
            before.provider(),
            before.region(),
            before.settled(),
            Optional.of(new PollFailure(failure.reason(), message, since, now.plus(pause))),
            before.maxAge(),
            before.reference(),
            before.pollsOk(),
            before.pollsFailed() + 1,
            before.attribution(),
            before.notice());
    listener.accept(same ? Optional.empty() : Optional.of("no new price: " + message));
    return pause;
  }

  private CarbonUnavailable unavailable(Exception why) {
    return why instanceof CarbonUnavailable known
        ? known
        : new CarbonUnavailable(
            FailureReason.PROVIDER_DOWN,
            source.provider() + ": " + String.valueOf(why.getMessage()));
  }
}
