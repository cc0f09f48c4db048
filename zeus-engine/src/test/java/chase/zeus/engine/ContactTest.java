package chase.zeus.engine;

import static chase.zeus.fixtures.TestGpus.GPU;
import static chase.zeus.fixtures.TestGpus.RULES;
import static chase.zeus.fixtures.TestGpus.START;
import static chase.zeus.fixtures.TestGpus.at;
import static chase.zeus.fixtures.TestGpus.opened;
import static chase.zeus.fixtures.TestGpus.reading;
import static chase.zeus.fixtures.TestGpus.watts;
import static org.assertj.core.api.Assertions.assertThat;

import chase.zeus.engine.GpuView.GpuContact.ContactState;
import chase.zeus.gpu.RejectedReadings.ReadingFault;
import chase.zeus.policy.PowerPolicy;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A GPU whose readings are good for twelve seconds. */
class ContactTest {
  private final Engine engine =
      new Engine(
          new SafetyRules(
              SafetyRules.Mode.CONTROL,
              0.6,
              Duration.ofMinutes(1),
              Duration.ofMinutes(10),
              Duration.ofSeconds(5),
              RULES.silence(),
              Optional.empty(),
              Duration.ofSeconds(12)),
          PowerPolicy.max(),
          START);

  @BeforeEach
  void open() {
    engine.on(opened(GPU, 250));
    draws(200, 1);
  }

  private void draws(double power, long second) {
    engine.on(
        new Event.ReadingTaken(
            GPU, reading(250, Optional.of(watts(power)), Optional.empty()), at(second)));
  }

  private void fails(long second) {
    engine.on(new Event.ReadingFailed(GPU, "Unknown Error", at(second)));
  }

  private GpuView view() {
    return engine.snapshot().gpu(GPU).orElseThrow();
  }

  @Test
  void aReadingThatFailsOnceCostsNothing() {
    fails(2);
    assertThat(view().reading()).isPresent();
    assertThat(view().contact().answers()).isTrue();
  }

  @Test
  void aGpuWhoseReadingsFailShowsNoneOnceTheLastIsTooOld() {
    for (int second = 2; second <= 13; second++) {
      fails(second);
    }
    assertThat(view().reading()).isPresent();
    fails(14);
    assertThat(view().reading()).isEmpty();
    assertThat(view().liveLimits()).isEmpty();
    assertThat(view().readAt()).contains(at(1));
    assertThat(view().contact().state()).isEqualTo(ContactState.SILENT);
    assertThat(view().contact().answeredAt()).isEqualTo(at(1));
    assertThat(view().contact().why()).contains("Unknown Error");
  }

  @Test
  void aGpuThatIsNotReadIsSilentTooAndAnswersAgainWithItsNextReading() {
    engine.on(new Event.TimePassed(at(14)));
    assertThat(view().contact().state()).isEqualTo(ContactState.SILENT);
    draws(210, 15);
    assertThat(view().contact().answers()).isTrue();
    assertThat(view().reading().flatMap(now -> now.power())).contains(watts(210));
  }

  @Test
  void aSnapshotThatIsNotRenewedGrowsOld() {
    assertThat(view().asOf(at(13)).reading()).isPresent();
    assertThat(view().asOf(at(14)).reading()).isEmpty();
    assertThat(view().asOf(at(14)).contact().state()).isEqualTo(ContactState.SILENT);
  }

  @Test
  void aLostGpuShowsNoReadingsAtOnceAndNoEarlierOnesWhenItIsBack() {
    engine.on(new Event.GpuLost(GPU, "Xid 79", at(2)));
    assertThat(view().reading()).isEmpty();
    assertThat(view().contact().state()).isEqualTo(ContactState.LOST);
    engine.on(opened(GPU, 250));
    assertThat(view().contact().answers()).isTrue();
    assertThat(view().reading()).isEmpty();
  }

  @Test
  void aHungGpuIsShownAsHung() {
    engine.on(new Event.GpuLost(GPU, "no answer within 10 s", ContactState.HUNG, at(2)));
    assertThat(view().contact().state()).isEqualTo(ContactState.HUNG);
    assertThat(view().reading()).isEmpty();
  }

  @Test
  void aDrawThatTheGpuCannotHaveIsNotShown() {
    draws(65_535, 2);
    assertThat(view().reading().orElseThrow().power()).isEmpty();
    assertThat(view().rejected().counts()).containsEntry(ReadingFault.POWER_HIGH, 1L);
    draws(200, 3);
    assertThat(view().reading().orElseThrow().power()).contains(watts(200));
  }
}
