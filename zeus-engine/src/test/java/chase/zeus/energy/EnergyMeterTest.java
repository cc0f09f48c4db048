package chase.zeus.energy;

import static chase.zeus.fixtures.TestGpus.at;
import static chase.zeus.fixtures.TestGpus.reading;
import static chase.zeus.fixtures.TestGpus.watts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import chase.zeus.energy.GpuEnergy.EnergyBasis;
import chase.zeus.gpu.PowerBound;
import chase.zeus.gpu.RejectedReadings.ReadingFault;
import chase.zeus.unit.Joules;
import chase.zeus.unit.Watts;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A GPU that always draws 200 W and may draw 450 W, read once a second. */
class EnergyMeterTest {
  private static final double DRAW = 200;
  private static final double SHOWN = 3.11e9;
  private static final PowerBound BOUND = new PowerBound(watts(450));

  private EnergyMeter meter = EnergyMeter.NEW;
  private long second = -1;

  private void read(Optional<Watts> power, Optional<Joules> counter) {
    second++;
    meter = meter.after(reading(250, power, counter), at(second), BOUND);
  }

  /** A reading as it should be, but for a counter that is off by {@code error}. */
  private void off(double error) {
    read(Optional.of(watts(DRAW)), Optional.of(new Joules(SHOWN + DRAW * (second + 1) + error)));
  }

  private void shown(double joules) {
    read(Optional.of(watts(DRAW)), Optional.of(new Joules(joules)));
  }

  private void counter(double joules) {
    read(Optional.empty(), Optional.of(new Joules(joules)));
  }

  private void power(double watts) {
    read(Optional.of(watts(watts)), Optional.empty());
  }

  private void well(int readings) {
    for (int i = 0; i < readings; i++) {
      off(0);
    }
  }

  private double joules() {
    return meter.energy().orElseThrow().joules().value();
  }

  private void assertAllCountedOnce() {
    assertThat(joules()).isCloseTo(DRAW * second, within(0.01));
  }

  @Test
  void theGpusCounterIsBelieved() {
    counter(1000);
    counter(1250);
    assertThat(meter.energy()).contains(new GpuEnergy(new Joules(250), EnergyBasis.COUNTER));
    assertThat(meter.rejected().counts()).isEmpty();
  }

  @Test
  void aCounterThatRestartedWithTheDriverCountsFromZeroOnceItHasStayedThere() {
    counter(1000);
    counter(1250);
    counter(40);
    assertThat(joules()).isEqualTo(250);
    counter(240);
    counter(440);
    counter(640);
    assertThat(meter.energy()).contains(new GpuEnergy(new Joules(250 + 640), EnergyBasis.COUNTER));
    counter(840);
    assertThat(joules()).isEqualTo(250 + 840);
  }

  @Test
  void aCounterThatReadsLessForTwoSecondsChangesNothing() {
    well(5);
    off(-5000);
    off(-5000);
    well(5);
    assertAllCountedOnce();
    assertThat(meter.energy().orElseThrow().integrated()).isEqualTo(Joules.ZERO);
    assertThat(meter.rejected().counts()).isEqualTo(Map.of(ReadingFault.ENERGY_BACK, 1L));
  }

  @Test
  void aSingleZeroIsNoRestart() {
    well(5);
    shown(0);
    well(5);
    assertAllCountedOnce();
    assertThat(meter.rejected().counts()).isEqualTo(Map.of(ReadingFault.ENERGY_BACK, 1L));
  }

  @Test
  void zerosThatStayAreCountedByTheDraw() {
    well(5);
    for (int i = 0; i < 60; i++) {
      shown(0);
    }
    assertAllCountedOnce();
    well(20);
    assertAllCountedOnce();
    assertThat(meter.energy().orElseThrow().basis()).isEqualTo(EnergyBasis.COUNTER);
  }

  @ParameterizedTest
  @ValueSource(doubles = {-SHOWN, -1e6, -5000, -250, 5000, 1e6, 864 * 3.6e6, 1e300})
  void aCounterThatStepsForGoodIsReplacedByTheDrawUntilItPassedItsCheck(double step) {
    well(5);
    for (int i = 0; i < 20; i++) {
      off(step);
    }
    assertThat(joules()).isCloseTo(DRAW * second, within(DRAW * 4));
    assertThat(meter.energy().orElseThrow().basis())
        .isEqualTo(step == 1e300 ? EnergyBasis.INTEGRATED : EnergyBasis.COUNTER);
    assertThat(meter.rejected().total()).isPositive();
  }

  @Test
  void aSpikeOfTheCounterIsNotCounted() {
    well(5);
    off(1e6);
    well(5);
    assertAllCountedOnce();
    assertThat(meter.rejected().counts()).isEqualTo(Map.of(ReadingFault.ENERGY_JUMP, 1L));
  }

  @Test
  void aCounterThatStandsStillIsCountedByTheDrawAndNotAgainWhenItCatchesUp() {
    well(5);
    double stuck = SHOWN + DRAW * second;
    for (int i = 0; i < 60; i++) {
      shown(stuck);
    }
    assertAllCountedOnce();
    assertThat(meter.energy().orElseThrow().basis()).isEqualTo(EnergyBasis.INTEGRATED);
    assertThat(meter.rejected().counts()).isEqualTo(Map.of(ReadingFault.ENERGY_STUCK, 1L));
    well(20);
    assertAllCountedOnce();
    assertThat(meter.energy().orElseThrow().basis()).isEqualTo(EnergyBasis.COUNTER);
  }

  @Test
  void aCounterThatMovesSeldomIsStillACounter() {
    for (int i = 0; i <= 60; i++) {
      shown(SHOWN + DRAW * (i - i % 5));
    }
    assertThat(meter.energy()).contains(new GpuEnergy(new Joules(DRAW * 60), EnergyBasis.COUNTER));
    assertThat(meter.rejected().counts()).isEmpty();
  }

  @Test
  void aCounterThatIsMissedOnceIsNotCountedTwice() {
    well(5);
    power(DRAW);
    well(5);
    assertThat(meter.energy())
        .contains(new GpuEnergy(new Joules(DRAW * second), EnergyBasis.COUNTER));
  }

  @Test
  void aCounterThatGoesAndComesLeavesItsAbsenceToTheDraw() {
    well(5);
    for (int i = 0; i < 30; i++) {
      power(DRAW);
    }
    assertAllCountedOnce();
    well(30);
    assertAllCountedOnce();
    assertThat(meter.energy().orElseThrow().integrated().value())
        .isCloseTo(DRAW * 31, within(0.01));
  }

  @Test
  void aGpuThatWasAwayForLongIsMeasuredByItsCounter() {
    well(5);
    second += 600;
    well(5);
    assertThat(meter.energy())
        .contains(new GpuEnergy(new Joules(DRAW * second), EnergyBasis.COUNTER));
  }

  @ParameterizedTest
  @ValueSource(doubles = {65_535, 4_294_967, 2_000, 451})
  void aDrawThatTheGpuCannotHaveIsNotBelieved(double impossible) {
    power(DRAW);
    power(impossible);
    power(DRAW);
    assertAllCountedOnce();
    assertThat(meter.rejected().counts()).isEqualTo(Map.of(ReadingFault.POWER_HIGH, 1L));
  }

  @Test
  void aClockThatIsSetBackLosesAFewSecondsAtMost() {
    well(100);
    double before = joules();
    second -= 3600;
    for (int i = 0; i < 20; i++) {
      shown(SHOWN + before + DRAW * (i + 1));
    }
    assertThat(joules()).isCloseTo(before + DRAW * 20, within(DRAW));
  }

  /** Whatever a counter shows, the energy is never more than the GPU can have drawn. */
  @Test
  void noCounterMakesTheSumImpossible() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    double last = 0;
    double spare = 0;
    for (int i = 0; i < 20_000; i++) {
      boolean odd = random.nextInt(4) == 0;
      shown(odd ? Math.abs(random.nextGaussian()) * 1e9 : SHOWN + DRAW * (second + 1));
      assertThat(joules()).as("seed %d, second %d", seed, second).isGreaterThanOrEqualTo(last);
      spare = Math.max(spare, joules() - BOUND.highest().value() * (second + 1));
      last = joules();
    }
    assertThat(spare).as("seed %d", seed).isZero();
    assertThat(joules()).as("seed %d", seed).isCloseTo(DRAW * second, within(DRAW * 20));
  }

  @Test
  void withoutACounterPowerIsIntegratedAndMarkedSo() {
    power(100);
    second++;
    power(200);
    assertThat(meter.energy()).contains(new GpuEnergy(new Joules(300), EnergyBasis.INTEGRATED));
  }

  @Test
  void aLongSilenceIsNotFilledWithAGuess() {
    power(100);
    second += 60;
    power(100);
    assertThat(meter.energy()).contains(new GpuEnergy(Joules.ZERO, EnergyBasis.INTEGRATED));
  }

  @Test
  void aGpuWithoutPowerAndCounterHasNoEnergy() {
    read(Optional.empty(), Optional.empty());
    assertThat(meter.energy()).isEmpty();
  }

  @Test
  void energyUsedIsUnknownWhileTheCounterIsInDoubt() {
    well(5);
    assertThat(meter.at(at(second))).isPresent();
    off(-5000);
    assertThat(meter.at(at(second))).isEmpty();
    well(1);
    assertThat(meter.at(at(second)).orElseThrow().joules()).isEqualTo(new Joules(DRAW * second));
  }

  /** The energy half a second after the last reading. */
  private double halfASecondLater(double shown) {
    Instant now = at(second).plusMillis(500);
    return meter
        .metered()
        .orElseThrow()
        .joulesAt(new MeteredEnergy.EnergyCounter(new Joules(shown), now), BOUND)
        .value();
  }

  private double shownHalfASecondLater() {
    return SHOWN + DRAW * (second + 0.5);
  }

  @Test
  void betweenReadingsTheEnergyFollowsTheCounter() {
    well(5);
    assertThat(halfASecondLater(shownHalfASecondLater()))
        .isCloseTo(DRAW * (second + 0.5), within(0.01));
  }

  @ParameterizedTest
  @ValueSource(doubles = {-SHOWN, -5000, -250, 5000, 1e6, 1e300})
  void betweenReadingsTheEnergyIsNeverMoreThanTheGpuCanHaveUsed(double error) {
    well(5);
    double shown = Math.max(0, shownHalfASecondLater() + error);
    assertThat(halfASecondLater(shown)).isBetween(DRAW * second, DRAW * second + 450);
  }

  @ParameterizedTest
  @ValueSource(doubles = {-SHOWN, -5000, 5000, 1e300})
  void whileTheCounterIsInDoubtTheEnergyFollowsTheDraw(double error) {
    well(5);
    for (int i = 0; i < 20; i++) {
      off(error);
      assertThat(halfASecondLater(Math.max(0, shownHalfASecondLater() + error)))
          .isCloseTo(DRAW * (second + 0.5), within(DRAW * 4 + 0.01));
    }
  }
}
