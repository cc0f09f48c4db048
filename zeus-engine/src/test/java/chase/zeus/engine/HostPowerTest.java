package chase.zeus.engine;

import static chase.zeus.fixtures.TestGpus.GPU;
import static chase.zeus.fixtures.TestGpus.RULES;
import static chase.zeus.fixtures.TestGpus.START;
import static chase.zeus.fixtures.TestGpus.at;
import static chase.zeus.fixtures.TestGpus.limits;
import static chase.zeus.fixtures.TestGpus.opened;
import static chase.zeus.fixtures.TestGpus.watts;
import static org.assertj.core.api.Assertions.assertThat;

import chase.zeus.policy.JobProgress;
import chase.zeus.policy.PowerPolicy;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class HostPowerTest {
  private static final HostPower BUSY = new HostPower(watts(300), HostPower.PowerSource.CONFIGURED);

  private final Engine engine = new Engine(RULES, PowerPolicy.zeus(1), START);

  @Test
  void aHostThatDrawsMuchMakesSlownessExpensive() {
    assertThat(engine.on(opened(GPU, 250)).orders())
        .hasSize(1)
        .first()
        .extracting(Order::limit)
        .isEqualTo(watts(150));
    engine.on(new Event.LimitApplied(GPU, limits(150), START));

    assertThat(engine.on(new Event.HostPowerChanged(BUSY, at(60))).orders())
        .hasSize(1)
        .first()
        .extracting(Order::limit)
        .isEqualTo(watts(200));
    assertThat(engine.snapshot().hostPower()).isEqualTo(BUSY);
  }

  @Test
  void theHostsDrawIsOptional() {
    assertThat(engine.snapshot().hostPower()).isEqualTo(HostPower.NONE);
  }

  @Test
  void aJobThatKeepsItsGpuWhileItRestsKeepsTheHostToo() {
    assertThat(BUSY.addTo(rest(20)).idle()).isEqualTo(watts(320));
    assertThat(BUSY.addTo(rest(0)).idle()).as("it releases the GPU").isEqualTo(watts(0));
  }

  private static JobProgress.PauseState rest(double idle) {
    return new JobProgress.PauseState(watts(idle), false, Optional.empty());
  }
}
