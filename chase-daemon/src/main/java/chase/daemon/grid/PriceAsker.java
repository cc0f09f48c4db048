package chase.daemon.grid;

import chase.carbon.CarbonUnavailable;
import chase.carbon.CarbonUnavailable.FailureReason;
import chase.carbon.EnergyPrice;
import chase.carbon.PriceProvider;
import chase.carbon.fallback.PollPolicy;
import chase.daemon.grid.GridState.Trouble;
import chase.daemon.grid.Strand.Period;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;

/**
 * Asks for the price again and again, and keeps what was settled. All but {@link #ask} on one
 * context; any thread may read the state.
 */
final class PriceAsker implements Poll.Subject<List<EnergyPrice>> {
  private static final Duration LONGEST = Duration.ofMinutes(1);

  private final PriceProvider source;
  private final PollPolicy pace;
  private final Reference reference;
  private final InstantSource clock;
  private final DoubleSupplier chance;
  private final Consumer<Optional<String>> told;
  private volatile PriceState state;
  private int failuresInARow;

  /**
   * An asker that has not asked yet.
   *
   * @param chance a number from 0 to 1 at each call, for jitter
   * @param told called after every answer, with what is new of it for people
   */
  PriceAsker(
      PriceSignal signal,
      InstantSource clock,
      DoubleSupplier chance,
      Consumer<Optional<String>> told) {
    FeedTiming timing = signal.timing();
    this.source = signal.source();
    this.pace = signal.pace();
    this.reference = new Reference(signal.reference(), timing.referenceWindow(), timing.day());
    this.clock = clock;
    this.chance = chance;
    this.told = told;
    this.state = PriceState.unasked(source.provider(), source.region(), timing.maxAge());
  }

  PriceState state() {
    return state;
  }

  /** The price as a part of what a joule weighs at {@code now}; empty when it is not trusted. */
  Optional<Strand> strand(Instant now) {
    if (!state.trustedAt(now)) {
      return Optional.empty();
    }
    List<Period> periods = periods(state.ahead(now));
    return Optional.of(new Strand(periods, reference.at(now, periods)));
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
  public Duration longest() {
    return LONGEST;
  }

  @Override
  public List<EnergyPrice> ask() throws CarbonUnavailable, InterruptedException {
    return source.settled();
  }

  @Override
  public Duration answered(List<EnergyPrice> settled) {
    Instant now = clock.instant();
    failuresInARow = 0;
    PriceState before = state;
    for (EnergyPrice price : settled) {
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
            OptionalDouble.of(reference.at(now, periods(settled))),
            before.pollsOk() + 1,
            before.pollsFailed());
    EnergyPrice running = state.current(now).orElse(settled.getFirst());
    boolean news =
        before.trouble().isPresent()
            || !before.current(now).map(EnergyPrice::value).equals(Optional.of(running.value()));
    told.accept(news ? Optional.of(text(running)) : Optional.empty());
    return pace.afterSuccess(running.validFrom(), running.validTo(), now, chance.getAsDouble());
  }

  private static String text(EnergyPrice price) {
    return "energy in %s costs %s (%s)"
        .formatted(price.region(), price.value(), price.provenance().label());
  }

  @Override
  public Duration failed(Exception why) {
    failuresInARow++;
    CarbonUnavailable failure = unavailable(why);
    String message = String.valueOf(failure.getMessage());
    PriceState before = state;
    boolean same =
        before.trouble().filter(trouble -> trouble.reason() == failure.reason()).isPresent();
    Instant since = before.trouble().map(Trouble::since).orElse(clock.instant());
    state =
        new PriceState(
            before.provider(),
            before.region(),
            before.settled(),
            Optional.of(new Trouble(failure.reason(), message, since)),
            before.maxAge(),
            before.reference(),
            before.pollsOk(),
            before.pollsFailed() + 1);
    told.accept(same ? Optional.empty() : Optional.of("no new price: " + message));
    return pace.afterFailure(failure, failuresInARow, chance.getAsDouble());
  }

  private CarbonUnavailable unavailable(Exception why) {
    return why instanceof CarbonUnavailable known
        ? known
        : new CarbonUnavailable(
            FailureReason.PROVIDER_DOWN,
            source.provider() + ": " + String.valueOf(why.getMessage()));
  }
}
