package chase.daemon.grid;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import chase.daemon.grid.EnergyWeight.Component.Period;
import chase.zeus.policy.EnergyOutlook.Slot;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class EnergyWeightTest {
  private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");
  private static final SignalWeights BOTH = new SignalWeights(1, 3);
  private static final Optional<EnergyWeight.Component> CARBON =
      Optional.of(new EnergyWeight.Component(List.of(hour(0, 200), hour(1, 400)), 400));

  private static Period hour(int hour, double value) {
    return new Period(at(60 * hour), at(60 * hour + 60), value);
  }

  private static Instant at(int minute) {
    return NOON.plusSeconds(60L * minute);
  }

  private static Optional<EnergyWeight.Component> price(double... euros) {
    List<Period> periods =
        java.util.stream.IntStream.range(0, euros.length).mapToObj(i -> hour(i, euros[i])).toList();
    return Optional.of(new EnergyWeight.Component(periods, 100));
  }

  @Test
  void oneSignalAloneKeepsItsUnit() {
    EnergyWeight carbon =
        EnergyWeight.of(SignalWeights.CARBON, CARBON, price(10, 20)).orElseThrow();
    assertThat(carbon.slots()).extracting(Slot::weight).containsExactly(200.0, 400.0);
    assertThat(carbon.reference()).isEqualTo(400);

    EnergyWeight money =
        EnergyWeight.of(new SignalWeights(0, 2), CARBON, price(10, 20)).orElseThrow();
    assertThat(money.slots()).extracting(Slot::weight).containsExactly(10.0, 20.0);
    assertThat(money.reference()).isEqualTo(100);
  }

  @Test
  void twoSignalsAreWeighedByTheirReferences() {
    EnergyWeight blend = EnergyWeight.of(BOTH, CARBON, price(50, 100)).orElseThrow();
    assertThat(blend.slots())
        .containsExactly(new Slot(at(0), at(60), 2), new Slot(at(60), at(120), 4));
    assertThat(blend.reference()).isEqualTo(4);
  }

  @Test
  void theFinerOfTwoStepsDecidesAndTheNearerEnd() {
    EnergyWeight.Component quarters =
        new EnergyWeight.Component(
            List.of(
                new Period(at(15), at(30), 100),
                new Period(at(30), at(45), 0),
                new Period(at(45), at(75), 100)),
            100);
    EnergyWeight blend = EnergyWeight.of(BOTH, CARBON, Optional.of(quarters)).orElseThrow();
    assertThat(blend.slots())
        .extracting(Slot::from)
        .containsExactly(at(15), at(30), at(45), at(60));
    assertThat(blend.slots().getLast().to()).isEqualTo(at(75));
    assertThat(blend.slots()).extracting(Slot::weight).containsExactly(3.5, 0.5, 3.5, 4.0);
  }

  @Test
  void signalsThatDoNotMeetGoOnWithTheirNearestValue() {
    EnergyWeight.Component past =
        new EnergyWeight.Component(List.of(new Period(at(-60), at(-30), 100)), 100);
    EnergyWeight blend = EnergyWeight.of(BOTH, CARBON, Optional.of(past)).orElseThrow();
    assertThat(blend.slots()).extracting(Slot::weight).containsExactly(3.5, 4.0);
  }

  @Test
  void energyThatIsPaidForIsFreeAndNoMore() {
    EnergyWeight blend = EnergyWeight.of(BOTH, CARBON, price(-10, -500)).orElseThrow();
    assertThat(blend.slots().getFirst().weight())
        .as("carbon outweighs it")
        .isEqualTo(0.2, within(1e-9));
    assertThat(blend.slots().getLast().weight()).isZero();
    EnergyWeight money =
        EnergyWeight.of(new SignalWeights(0, 1), CARBON, price(-10, 20)).orElseThrow();
    assertThat(money.slots()).extracting(Slot::weight).containsExactly(0.0, 20.0);
  }

  @Test
  void whatIsNotKnownLeavesTheOtherAloneInTheBlendsOwnUnit() {
    EnergyWeight carbon = EnergyWeight.of(BOTH, CARBON, Optional.empty()).orElseThrow();
    assertThat(carbon.slots()).extracting(Slot::weight).containsExactly(0.5, 1.0);
    assertThat(carbon.reference()).isEqualTo(1);
    EnergyWeight money = EnergyWeight.of(BOTH, Optional.empty(), price(50)).orElseThrow();
    assertThat(money.slots()).extracting(Slot::weight).containsExactly(1.5);
    assertThat(money.reference()).isEqualTo(3);
  }

  @Test
  void nothingKnownThatCountsIsNothing() {
    assertThat(EnergyWeight.of(BOTH, Optional.empty(), Optional.empty())).isEmpty();
    assertThat(EnergyWeight.of(SignalWeights.CARBON, Optional.empty(), price(50))).isEmpty();
    assertThat(EnergyWeight.of(new SignalWeights(0, 1), CARBON, Optional.empty())).isEmpty();
  }

  @Test
  void aSignalThatWasNeverAboveZeroHasAReferenceAllTheSame() {
    assertThat(EnergyWeight.Component.reference(0)).isEqualTo(1);
    assertThat(EnergyWeight.Component.reference(-20)).isEqualTo(1);
    assertThat(EnergyWeight.Component.reference(0.004)).isEqualTo(0.004);
  }

  @Test
  void weightsThatSayNothingAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new SignalWeights(0, 0))
        .withMessage("carbon and price must not both be 0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new SignalWeights(1, -1))
        .withMessage("price must be a number of 0 or more: -1.0");
    assertThatIllegalArgumentException().isThrownBy(() -> new SignalWeights(Double.NaN, 1));
  }
}
