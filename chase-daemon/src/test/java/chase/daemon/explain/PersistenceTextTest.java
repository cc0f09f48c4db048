package chase.daemon.explain;

import static org.assertj.core.api.Assertions.assertThat;

import chase.zeus.engine.Engine;
import chase.zeus.engine.Event;
import chase.zeus.fixtures.TestGpus;
import chase.zeus.gpu.GpuReading;
import chase.zeus.gpu.GpuTraits;
import chase.zeus.policy.PowerPolicy;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PersistenceTextTest {
  private static Optional<String> warning(boolean simulated, Optional<Boolean> mode) {
    Engine engine = new Engine(TestGpus.RULES, PowerPolicy.max(), TestGpus.START);
    GpuTraits real =
        new GpuTraits(
            TestGpus.GPU,
            0,
            "Test GPU",
            Optional.empty(),
            "1.0",
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            simulated);
    engine.on(
        new Event.GpuOpened(
            real, Optional.of(TestGpus.limits(300)), Optional.empty(), TestGpus.START));
    GpuReading reading =
        new GpuReading(
            Optional.of(TestGpus.limits(300)),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            mode,
            Optional.empty());
    engine.on(new Event.ReadingTaken(TestGpus.GPU, reading, TestGpus.at(1)));
    return PersistenceText.warning(engine.snapshot().gpus().getFirst());
  }

  @Test
  void aDriverThatMayForgetLimitsIsNamed() {
    assertThat(warning(false, Optional.of(false)).orElseThrow())
        .startsWith("GPU 0: persistence mode is off")
        .contains("forgets its limit, the original one too");
  }

  @Test
  void noWarningWhereItIsOnOrUnknownOrSimulated() {
    assertThat(warning(false, Optional.of(true))).isEmpty();
    assertThat(warning(false, Optional.empty())).isEmpty();
    assertThat(warning(true, Optional.of(false))).isEmpty();
  }
}
