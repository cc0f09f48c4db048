package chase.zeus.engine;

import static chase.zeus.fixtures.TestGpus.GPU;
import static chase.zeus.fixtures.TestGpus.START;
import static chase.zeus.fixtures.TestGpus.at;
import static chase.zeus.fixtures.TestGpus.limits;
import static chase.zeus.fixtures.TestGpus.traits;
import static chase.zeus.fixtures.TestGpus.watts;
import static org.assertj.core.api.Assertions.assertThat;

import chase.zeus.policy.PowerPolicy;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A GPU with only one allowed limit, and without a profile. */
class OnlyLimitTest {
  private static final SafetyRules NO_LOWER =
      new SafetyRules(
          SafetyRules.Mode.CONTROL,
          1,
          Duration.ZERO,
          Duration.ofMinutes(10),
          Duration.ofSeconds(5));

  @ParameterizedTest
  @ValueSource(strings = {"budget:0.03", "chase:0.5", "zeus:0.5"})
  void withOneLimitNoProfileIsAwaited(String policy) {
    Engine engine = new Engine(NO_LOWER, PowerPolicy.parse(policy), START);
    engine.on(
        new Event.GpuOpened(
            traits(GPU, 0, Optional.empty()), Optional.of(limits(250)), Optional.empty(), START));
    assertThat(reason(engine)).isEqualTo(new Reason.NoChoice());
    engine.on(new Event.JobStarted(new JobId("a1"), spec(), at(1)));
    for (int i = 0; i < 100; i++) {
      engine.on(new Event.StepsReported(new JobId("a1"), 100L * i, at(10 + 10L * i)));
    }
    assertThat(reason(engine)).isEqualTo(new Reason.NoChoice());
    assertThat(engine.snapshot().gpu(GPU).orElseThrow().target()).contains(watts(250));
  }

  private static Reason reason(Engine engine) {
    return engine.snapshot().gpu(GPU).orElseThrow().reason();
  }

  private static JobSpec spec() {
    return new JobSpec(
        "train",
        List.of(GPU),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }
}
