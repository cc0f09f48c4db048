package chase.daemon.ledger;

import static chase.daemon.fixtures.UsageSnapshots.FIRST;
import static chase.daemon.fixtures.UsageSnapshots.KWH;
import static chase.daemon.fixtures.UsageSnapshots.gpu;
import static chase.daemon.fixtures.UsageSnapshots.grid;
import static chase.daemon.fixtures.UsageSnapshots.gridWithoutSignal;
import static chase.daemon.fixtures.UsageSnapshots.snapshot;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import chase.zeus.engine.Snapshot;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class EmissionsMeterTest {
  private static final long DAY = 86_400;

  private final EmissionsMeter meter = new EmissionsMeter();

  @Test
  void aKilowattHourEmitsTheGridsIntensity() {
    meter.update(at(0, KWH), grid(400));
    assertThat(grams()).isEqualTo(400);
  }

  @Test
  void eachPartOfTheEnergyEmitsTheIntensityOfItsTime() {
    meter.update(at(0, KWH), grid(400));
    meter.update(at(60, 3 * KWH), grid(100));
    assertThat(grams()).isEqualTo(400 + 2 * 100);
  }

  @Test
  void energyWithoutAnySignalIsCountedApart() {
    meter.update(at(0, KWH), gridWithoutSignal());
    assertThat(grams()).isZero();
    assertThat(withoutSignal()).isEqualTo(KWH);
  }

  @Test
  void aValueTooOldToTrustCountsAsNoSignal() {
    meter.update(at(0, KWH), grid(400));
    meter.update(at(4 * DAY, 2 * KWH), grid(400));
    assertThat(grams()).isEqualTo(400);
    assertThat(withoutSignal()).isEqualTo(KWH);
  }

  @Test
  void aGpuWithoutEnergyHasNoShare() {
    meter.update(
        snapshot(0, 0, List.of(), gpu(FIRST, Optional.empty(), Optional.empty())), grid(400));
    assertThat(meter.emissions().of(FIRST)).isEmpty();
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
      meter.update(at(step, total), random.nextBoolean() ? grid(250) : gridWithoutSignal());
    }
    double weighed = grams() / 250 * KWH;
    assertThat(weighed + withoutSignal()).as("seed %d", seed).isCloseTo(total, within(1.0));
  }

  private double grams() {
    return meter.emissions().of(FIRST).orElseThrow().grams();
  }

  private double withoutSignal() {
    return meter.emissions().of(FIRST).orElseThrow().withoutSignal().value();
  }

  private static Snapshot at(long second, double joules) {
    return snapshot(second, 0, List.of(), gpu(FIRST, joules, 450));
  }
}
