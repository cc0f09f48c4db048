package chase.daemon.explain;

import static org.assertj.core.api.Assertions.assertThat;

import chase.carbon.EnergyPrice;
import chase.carbon.MoneyPerMwh;
import chase.carbon.Provenance;
import chase.carbon.Region;
import chase.daemon.fixtures.TestDaemon;
import chase.daemon.grid.GridState;
import chase.daemon.grid.PriceState;
import chase.daemon.grid.SignalWeights;
import chase.zeus.engine.Reason;
import chase.zeus.policy.PowerPolicy;
import java.time.Duration;
import java.time.Instant;
import java.util.Currency;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Where money alone counts, words speak of money and distrust no carbon signal. */
class PriceTextTest {
  private static final Instant NOON = TestDaemon.NOON;
  private static final Region DK1 = new Region("DK1");
  private static final SignalWeights MONEY = new SignalWeights(0, 1);

  private static PriceState prices(Instant from, Instant to) {
    EnergyPrice price =
        new EnergyPrice(
            new MoneyPerMwh(82.5, Currency.getInstance("EUR")),
            new Provenance.Measured(),
            "energinet",
            DK1,
            from,
            to,
            from,
            from);
    return new PriceState(
        "energinet",
        DK1,
        List.of(price),
        Optional.empty(),
        Duration.ofHours(2),
        Optional.of(110.0),
        1,
        0);
  }

  private static GridState grid(Optional<PriceState> price, SignalWeights weights) {
    return grid(GridState.withoutProvider(DK1, Duration.ofHours(2)), price, weights);
  }

  private static GridState grid(
      GridState carbon, Optional<PriceState> price, SignalWeights weights) {
    return new GridState(
        carbon.provider(),
        carbon.region(),
        carbon.level(),
        carbon.current(),
        carbon.forecast(),
        carbon.failure(),
        carbon.maxAge(),
        carbon.reference(),
        carbon.pollsOk(),
        carbon.pollsFailed(),
        carbon.details(),
        price,
        weights);
  }

  private static GridState priced() {
    return pricedFrom(NOON);
  }

  /** Only the price counts, and is known for an hour. */
  static GridState pricedFrom(Instant start) {
    return grid(Optional.of(prices(start, start.plusSeconds(3600))), MONEY);
  }

  private static String clause(Reason reason, String policy, GridState grid) {
    return ReasonText.of(reason, PowerPolicy.parse(policy), grid, NOON).clause();
  }

  @Test
  void aCheapHourIsNamedInMoney() {
    assertThat(clause(new Reason.Chosen(), "chase:0.5", priced()))
        .isEqualTo(
            "policy chase:0.5 finds this limit cheapest while energy in DK1 costs 82.50 EUR/MWh"
                + " (measured), 75 % of the reference 110");
    assertThat(clause(new Reason.Chosen(), "budget:0.03", priced()))
        .isEqualTo(
            "policy budget:0.03 plans this limit while energy in DK1 costs 82.50 EUR/MWh"
                + " (measured)");
    assertThat(priced().weightUnit()).isEqualTo("EUR/MWh");
  }

  @Test
  void aCarbonSignalThatDoesNotCountIsNotDistrusted() {
    assertThat(new GridText(priced(), NOON).fault()).isEmpty();
  }

  @Test
  void aPriceThatIsMissingIsNamed() {
    assertThat(clause(new Reason.NoSignal(), "budget:0.03", grid(Optional.empty(), MONEY)))
        .isEqualTo(
            "policy budget:0.03 needs a signal to trust, and no provider is configured for the"
                + " price (price.provider)");
    Instant morning = NOON.minus(Duration.ofHours(5));
    assertThat(
            clause(
                new Reason.NoSignal(),
                "budget:0.03",
                grid(Optional.of(prices(morning, morning.plusSeconds(3600))), MONEY)))
        .contains("the last price for DK1 is ")
        .endsWith(" old, more than the maximum of 2h");
  }

  @Test
  void aBlendHasNoUnit() {
    assertThat(grid(priced().price(), new SignalWeights(1, 1)).weightUnit()).isEmpty();
    assertThat(TestDaemon.gridAt(412).weightUnit()).isEqualTo("gCO2/kWh");
  }

  /** The constant of a policy is compared with the blend, which has no unit. */
  @Test
  void aBlendComparesEachSignalWithItsOwnReference() {
    GridState both = grid(TestDaemon.gridAt(412), priced().price(), new SignalWeights(1, 1));
    assertThat(clause(new Reason.Chosen(), "chase:0.5:0.9", both))
        .isEqualTo(
            "policy chase:0.5:0.9 finds this limit cheapest while CISO is at 412 gCO2/kWh"
                + " (replayed), 79 % of the reference 520, and energy in DK1 costs 82.50 EUR/MWh"
                + " (measured), 75 % of the reference 110");
  }

  @Test
  void whereMoneyAloneCountsTheCarbonIntensityIsComparedWithNothing() {
    assertThat(new GridText(priced(), NOON).carbonReference(PowerPolicy.parse("chase:0.5:90")))
        .isEmpty();
  }
}
