package chase.daemon.grid;

import chase.carbon.CarbonUnavailable;
import chase.carbon.EnergyPrice;
import chase.carbon.MoneyPerMwh;
import chase.carbon.PriceProvider;
import chase.carbon.Provenance;
import chase.carbon.Region;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Currency;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** A market whose prices a test settles; an hour lasts as long as the test says. */
final class FakePriceProvider implements PriceProvider {
  private final InstantSource clock;
  private final Duration hour;
  private volatile List<Double> settled = List.of();
  private volatile Optional<CarbonUnavailable> failure = Optional.empty();
  private volatile Instant from = Instant.EPOCH;

  FakePriceProvider(InstantSource clock, Duration hour) {
    this.clock = clock;
    this.hour = hour;
  }

  void settle(Double... prices) {
    from = clock.instant();
    settled = List.of(prices);
  }

  void fail(Optional<CarbonUnavailable> with) {
    failure = with;
  }

  @Override
  public String provider() {
    return "market";
  }

  @Override
  public Region region() {
    return new Region("ZONE");
  }

  @Override
  public EnergyPrice current() throws CarbonUnavailable {
    return settled().getFirst();
  }

  @Override
  public List<EnergyPrice> settled() throws CarbonUnavailable {
    if (failure.isPresent()) {
      throw failure.get();
    }
    Instant now = clock.instant();
    List<EnergyPrice> ahead =
        IntStream.range(0, settled.size())
            .mapToObj(i -> price(from.plus(hour.multipliedBy(i)), settled.get(i), now))
            .filter(price -> price.validTo().isAfter(now))
            .toList();
    if (ahead.isEmpty()) {
      throw new CarbonUnavailable(CarbonUnavailable.FailureReason.NO_DATA, "market ZONE: no price");
    }
    return ahead;
  }

  private EnergyPrice price(Instant begin, double euros, Instant now) {
    return new EnergyPrice(
        new MoneyPerMwh(euros, Currency.getInstance("EUR")),
        new Provenance.Measured(),
        provider(),
        region(),
        begin,
        begin.plus(hour),
        now,
        now);
  }
}
