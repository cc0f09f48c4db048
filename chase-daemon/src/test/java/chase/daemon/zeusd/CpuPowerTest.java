package chase.daemon.zeusd;

import static org.assertj.core.api.Assertions.assertThat;

import chase.daemon.host.CpuEnergy;
import chase.daemon.zeusd.CpuMeter.EnergySample;
import chase.zeus.unit.Joules;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A package of CPUs, read twice within 50 ms. */
class CpuPowerTest {
  private static EnergySample counted(double cpu, double dram, long millis) {
    return new EnergySample(
        new CpuEnergy(1, new Joules(cpu), Optional.of(new Joules(dram))),
        Instant.EPOCH.plusMillis(millis));
  }

  private static Future<CpuMeter.CpuPower> draw(double cpu, double dram) {
    return CpuMeter.CpuPower.checked(counted(500, 50, 0), counted(500 + cpu, 50 + dram, 50));
  }

  @Test
  void itIsTheEnergyOverTheTime() {
    assertThat(draw(10, 2).result())
        .isEqualTo(new CpuMeter.CpuPower(200_000, Optional.of(40_000L)));
  }

  @Test
  void aDrawThatNoPackageHasIsNoAnswer() {
    assertThat(draw(900, 2).cause())
        .hasMessage("CPU 1 reads 18000 W, which is more than it can draw");
    assertThat(draw(10, 900).failed()).isTrue();
  }

  @Test
  void aTotalThatBeganAgainDrawsNothing() {
    assertThat(draw(-400, 2).result().packageMilliwatts()).isZero();
  }
}
