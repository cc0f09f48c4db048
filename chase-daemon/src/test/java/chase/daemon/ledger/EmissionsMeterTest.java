package chase.daemon.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import chase.carbon.CarbonIntensity;
import chase.carbon.GramsPerKwh;
import chase.carbon.Provenance;
import chase.carbon.Region;
import chase.carbon.SignalKind;
import chase.daemon.grid.GridState;
import chase.zeus.energy.GpuEnergy;
import chase.zeus.engine.GpuView;
import chase.zeus.engine.Reason;
import chase.zeus.engine.SafetyRules;
import chase.zeus.engine.Snapshot;
import chase.zeus.gpu.GpuId;
import chase.zeus.gpu.GpuTraits;
import chase.zeus.policy.PowerPolicy;
import chase.zeus.unit.Joules;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class EmissionsMeterTest {
  private static final GpuId GPU = new GpuId("GPU-aaaa");
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final Duration MAX_AGE = Duration.ofHours(1);

  /** One kilowatt-hour. */
  private static final double KWH = 3.6e6;

  private final EmissionsMeter meter = new EmissionsMeter();

  @Test
  void aKilowattHourWeighsWhatTheGridSays() {
    meter.update(at(0, KWH), grid(400));
    assertThat(grams()).isEqualTo(400);
  }

  @Test
  void eachPartOfTheEnergyWeighsWhatTheGridSaidThen() {
    meter.update(at(0, KWH), grid(400));
    meter.update(at(60, 3 * KWH), grid(100));
    assertThat(grams()).isEqualTo(400 + 2 * 100);
  }

  @Test
  void energyWithoutAnySignalIsCountedApart() {
    meter.update(at(0, KWH), silent());
    assertThat(grams()).isZero();
    assertThat(withoutSignal()).isEqualTo(KWH);
  }

  @Test
  void aNumberTooOldToTrustCountsAsNoSignal() {
    meter.update(at(0, KWH), grid(400));
    meter.update(at(2 * 3600 + 3600, 2 * KWH), grid(400));
    assertThat(grams()).isEqualTo(400);
    assertThat(withoutSignal()).isEqualTo(KWH);
  }

  @Test
  void aCardWithoutEnergyHasNoShare() {
    meter.update(snapshot(0, Optional.empty()), grid(400));
    assertThat(meter.emissions().of(GPU)).isEmpty();
  }

  @Test
  void aTotalThatBeganAgainIsCountedFromZero() {
    meter.update(at(0, 2 * KWH), grid(100));
    meter.update(at(60, KWH), grid(100));
    assertThat(grams()).isEqualTo(300);
  }

  @RepeatedTest(20)
  void noEnergyIsLostOrInvented(RepetitionInfo run) {
    long seed = run.getCurrentRepetition();
    var random = new Random(seed);
    double total = 0;
    for (int step = 0; step < 50; step++) {
      total += random.nextDouble() * KWH;
      meter.update(at(step, total), random.nextBoolean() ? grid(250) : silent());
    }
    double weighed = grams() / 250 * KWH;
    assertThat(weighed + withoutSignal()).as("seed %d", seed).isCloseTo(total, within(1.0));
  }

  private double grams() {
    return meter.emissions().of(GPU).orElseThrow().grams();
  }

  private double withoutSignal() {
    return meter.emissions().of(GPU).orElseThrow().withoutSignal().value();
  }

  private static Snapshot at(long second, double joules) {
    return snapshot(second, Optional.of(new Joules(joules)));
  }

  private static Snapshot snapshot(long second, Optional<Joules> joules) {
    var traits =
        new GpuTraits(
            GPU,
            0,
            "Card",
            Optional.empty(),
            "1",
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            true);
    var view =
        new GpuView(
            traits,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            new Reason.NoSignal(),
            Optional.empty(),
            false,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            joules.map(energy -> new GpuEnergy(energy, GpuEnergy.EnergyBasis.COUNTER)),
            GpuView.WriteCounts.NONE);
    return new Snapshot(
        START.plusSeconds(second),
        SafetyRules.Mode.CONTROL,
        false,
        PowerPolicy.max(),
        Optional.empty(),
        List.of(view));
  }

  /** Valid in the first hour, trusted for one more. */
  private static GridState grid(double grams) {
    return state(
        Optional.of(
            new CarbonIntensity(
                new GramsPerKwh(grams),
                new SignalKind(SignalKind.Margin.AVERAGE, SignalKind.Scope.DIRECT),
                new Provenance.Measured(),
                "trace",
                new Region("CISO"),
                START,
                START.plus(Duration.ofHours(1)),
                START,
                START,
                Optional.empty())));
  }

  private static GridState silent() {
    return state(Optional.empty());
  }

  private static GridState state(Optional<CarbonIntensity> current) {
    return new GridState(
        "trace",
        new Region("CISO"),
        current,
        Optional.empty(),
        MAX_AGE,
        OptionalDouble.empty(),
        0,
        0);
  }
}
