package chase.daemon.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import chase.zeus.engine.HostPower;
import chase.zeus.unit.Joules;
import chase.zeus.unit.Watts;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PowerAverageTest {
  private static final Instant START = Instant.parse("2026-11-23T12:00:00Z");

  private final HostPowerMonitor.PowerAverage meter =
      new HostPowerMonitor.PowerAverage(HostPower.NONE);
  private double used;
  private int seconds;

  /** Two packages, one with memory, that draw so much together for a while. */
  private Optional<HostPower> draw(double watts, int forSeconds) {
    seconds += forSeconds;
    used += watts * forSeconds;
    return meter.add(
        List.of(
            new CpuEnergy(0, new Joules(used / 2), Optional.of(new Joules(used / 4))),
            new CpuEnergy(1, new Joules(used / 4), Optional.empty())),
        4,
        START.plusSeconds(seconds));
  }

  @Test
  void packagesAndMemoryAreSharedAmongTheGpus() {
    assertThat(draw(400, 10)).as("one reading tells nothing").isEmpty();
    HostPower power = draw(400, 10).orElseThrow();
    assertThat(power.perGpu().value()).isEqualTo(100, within(1e-9));
    assertThat(power.source()).isEqualTo(HostPower.PowerSource.MEASURED);
  }

  @Test
  void aShortPeakChangesLittleAndAnotherLoadChangesItSlowly() {
    draw(400, 10);
    draw(400, 10);
    assertThat(draw(420, 10)).as("a watt is no news").isEmpty();
    Optional<HostPower> last = Optional.empty();
    for (int i = 0; i < 360; i++) {
      Optional<HostPower> news = draw(800, 10);
      last = news.isPresent() ? news : last;
    }
    assertThat(last.orElseThrow().perGpu().value()).isBetween(185.0, 200.0);
  }

  @Test
  void whatCannotBeReadIsNotGuessed() {
    draw(400, 10);
    draw(400, 10);
    assertThat(meter.add(List.of(), 4, START.plusSeconds(25))).isEmpty();
    used += 1e9;
    assertThat(draw(400, 10)).as("the gap is not one reading's work").isEmpty();
  }

  @Test
  void whatWasMeasuredIsForgottenWhenItCannotBeReadAnyMore() {
    HostPower configured = new HostPower(new Watts(80), HostPower.PowerSource.CONFIGURED);
    HostPowerMonitor.PowerAverage measuring = new HostPowerMonitor.PowerAverage(configured);
    for (int i = 0; i <= 1; i++) {
      measuring.add(
          List.of(new CpuEnergy(0, new Joules(4000.0 * i), Optional.empty())),
          4,
          START.plusSeconds(10L * i));
    }
    assertThat(measuring.add(List.of(), 4, START.plusSeconds(60))).isEmpty();
    assertThat(measuring.add(List.of(), 4, START.plusSeconds(71))).contains(configured);
    assertThat(measuring.add(List.of(), 4, START.plusSeconds(81))).as("said once").isEmpty();
  }
}
