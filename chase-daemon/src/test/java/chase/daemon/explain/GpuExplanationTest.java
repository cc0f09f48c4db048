package chase.daemon.explain;

import static org.assertj.core.api.Assertions.assertThat;

import chase.carbon.Region;
import chase.daemon.fixtures.TestDaemon;
import chase.daemon.grid.GridState;
import chase.zeus.engine.GpuView;
import chase.zeus.engine.Lease;
import chase.zeus.engine.Reason;
import chase.zeus.engine.SafetyRules;
import chase.zeus.engine.Snapshot;
import chase.zeus.fixtures.TestSnapshots;
import chase.zeus.gpu.GpuId;
import chase.zeus.gpu.GpuTraits;
import chase.zeus.gpu.PowerLimits;
import chase.zeus.policy.PowerPolicy;
import chase.zeus.unit.Watts;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class GpuExplanationTest {
  private static final Instant NOON = TestDaemon.NOON;
  private static final Instant LATER = NOON.plus(Duration.ofMinutes(5));
  private static final GridState GRID = TestDaemon.gridAt(412);

  static Stream<Arguments> everyReason() {
    return Stream.of(
        Arguments.of(
            new Reason.Chosen(),
            "chosen",
            "policy chase:0.24 finds this limit cheapest while CISO is at 412 gCO2/kWh (replayed),"
                + " 79 % of the reference 520"),
        Arguments.of(
            new Reason.Dwelling(new Watts(350), LATER),
            "dwelling",
            "policy chase:0.24 would choose 350 W, but the limit changed a moment ago and stays"
                + " until 2026-11-23T12:05:00Z"),
        Arguments.of(
            new Reason.Overridden(LATER),
            "overridden",
            "an operator holds it at this limit until 2026-11-23T12:05:00Z"),
        Arguments.of(
            new Reason.Leased(new Lease.Holder("alice", Optional.of(4711L)), LATER),
            "leased",
            "alice (process 4711) holds a lease of it, through the API of Zeus, until"
                + " 2026-11-23T12:05:00Z"),
        Arguments.of(new Reason.ChasePaused(), "paused", "an operator paused Chase"),
        Arguments.of(
            new Reason.NoProfile(),
            "no_profile",
            "policy chase:0.24 needs to know what the job achieves at the allowed limits, and there"
                + " is no profile of it"),
        Arguments.of(new Reason.NoChoice(), "no_choice", "it is the only limit that Chase may set"),
        Arguments.of(
            new Reason.HandsOff(new Watts(420), LATER),
            "hands_off",
            "an external process set 420 W, and Chase leaves this GPU alone until"
                + " 2026-11-23T12:05:00Z"),
        Arguments.of(
            new Reason.Refused("no permission"),
            "refused",
            "a write was refused (no permission), and Chase leaves this GPU alone until 'chase"
                + " resume'"),
        Arguments.of(
            new Reason.Retrying("timeout", LATER),
            "retrying",
            "the last write failed (timeout) and is tried again at 2026-11-23T12:05:00Z"),
        Arguments.of(
            new Reason.Unwritable("MIG is on"),
            "unwritable",
            "Chase never writes this GPU (MIG is on)"),
        Arguments.of(
            new Reason.ChaseStopping(),
            "stopping",
            "Chase is stopping and restores the original limit"));
  }

  @ParameterizedTest
  @MethodSource("everyReason")
  void everyReasonHasAWordAndASentence(Reason reason, String word, String clause) {
    GpuExplanation explanation =
        explain(SafetyRules.Mode.CONTROL, gpu(reason, 420, 420, 420, false), GRID);

    assertThat(explanation.reason().word()).isEqualTo(word);
    assertThat(explanation.text())
        .isEqualTo("GPU 3 (Test GPU) is limited to 420 W (original limit 700 W): " + clause + ".");
  }

  @Test
  void aLostGpuHasALastKnownLimit() {
    assertThat(
            explain(
                    SafetyRules.Mode.CONTROL,
                    gpu(new Reason.Lost("Xid 79"), 420, 420, 420, false),
                    GRID)
                .text())
        .isEqualTo("GPU 3 (Test GPU) was last seen at 420 W: it no longer answers (Xid 79).");
  }

  @Test
  void anOldSignalIsNamedWithItsAge() {
    GpuView gpu = gpu(new Reason.NoSignal(), 700, 700, 700, false);
    Instant muchLater = NOON.plus(Duration.ofHours(4));

    assertThat(
            new GpuExplanation(snapshot(SafetyRules.Mode.CONTROL, gpu), gpu, GRID, muchLater)
                .text())
        .isEqualTo(
            "GPU 3 (Test GPU) is at its original limit of 700 W: policy chase:0.24 needs a signal"
                + " to trust, and the last number for CISO is 3h30m old, more than the"
                + " maximum of 2h.");
  }

  @Test
  void aSignalThatNeverCameIsNamedWithItsFailure() {
    GpuView gpu = gpu(new Reason.NoSignal(), 700, 700, 700, false);

    assertThat(explain(SafetyRules.Mode.CONTROL, gpu, TestDaemon.gridWithoutSignal()).text())
        .endsWith(
            "and no number for DE has come in (electricitymaps: DE: 401;"
                + " polled again at 2026-11-23T13:00:00Z).");
  }

  @Test
  void withoutAProviderTheExplanationSaysSo() {
    GpuView gpu = gpu(new Reason.NoSignal(), 700, 700, 700, false);
    GridState unasked = GridState.withoutProvider(new Region("none"), Duration.ofHours(2));

    assertThat(explain(SafetyRules.Mode.CONTROL, gpu, unasked).text())
        .endsWith("needs a signal to trust, and no provider is configured (carbon.provider).");
  }

  @Test
  void anOverrideAlsoMentionsAStaleSignal() {
    GpuView gpu = gpu(new Reason.Overridden(LATER), 420, 420, 420, false);

    assertThat(explain(SafetyRules.Mode.CONTROL, gpu, TestDaemon.gridWithoutSignal()).text())
        .endsWith(
            "The signal cannot be trusted: no number for DE has come in"
                + " (electricitymaps: DE: 401; polled again at 2026-11-23T13:00:00Z).");
  }

  @Test
  void aBudgetWithoutReportedStepsIsCalledAnEstimate() {
    GpuView gpu = gpu(new Reason.Chosen(), 630, 630, 630, false);
    Snapshot budget =
        TestSnapshots.snapshot(
            NOON,
            SafetyRules.Mode.CONTROL,
            false,
            PowerPolicy.budget(0.03),
            Optional.empty(),
            List.of(gpu));

    assertThat(new GpuExplanation(budget, gpu, GRID, NOON).text())
        .isEqualTo(
            "GPU 3 (Test GPU) is limited to 630 W (original limit 700 W): policy budget:0.03 plans"
                + " this limit while CISO is at 412 gCO2/kWh (replayed). No job reports its"
                + " steps, so the slowdown is the profile's estimate.");
  }

  @Test
  void anotherLimiterIsNamed() {
    assertThat(
            explain(
                    SafetyRules.Mode.CONTROL,
                    gpu(new Reason.ChasePaused(), 700, 700, 500, false),
                    GRID)
                .text())
        .isEqualTo(
            "GPU 3 (Test GPU) is at its original limit of 700 W: an operator paused Chase. Another"
                + " limiter holds it at 500 W.");
  }

  @Test
  void theDrawOfAWholeModuleIsExplainedBesideTheLimitOfItsGpu() {
    GpuView plain = gpu(new Reason.ChasePaused(), 700, 700, 700, false);
    GpuView gh200 =
        TestSnapshots.gpu(
            plain.traits().withModulePower(),
            plain.original(),
            plain.allowed(),
            plain.target(),
            plain.reason(),
            plain.limits(),
            false,
            plain.profile(),
            plain.reading(),
            plain.readAt(),
            plain.energy(),
            plain.counts());
    assertThat(explain(SafetyRules.Mode.CONTROL, gh200, GRID).text())
        .endsWith(
            " The power that it reports is that of its whole module, the CPU included; the limit is"
                + " the GPU's alone.");
    assertThat(explain(SafetyRules.Mode.CONTROL, plain, GRID).text()).doesNotContain("module");
  }

  @Test
  void anOrderOnItsWayIsNamed() {
    assertThat(
            explain(
                    SafetyRules.Mode.CONTROL,
                    gpu(new Reason.ChasePaused(), 700, 420, 420, true),
                    GRID)
                .text())
        .startsWith("GPU 3 (Test GPU) is on its way from 420 W to 700 W: ");
  }

  @Test
  void aTargetThatWasNotReachedIsNamed() {
    assertThat(
            explain(
                    SafetyRules.Mode.CONTROL,
                    gpu(new Reason.Refused("no"), 420, 700, 700, false),
                    GRID)
                .text())
        .startsWith("GPU 3 (Test GPU) is at its original limit of 700 W: ")
        .endsWith(" Chase wants 420 W.");
  }

  @Test
  void inObserveModeTheExplanationNamesWhatWouldBeSet() {
    assertThat(
            explain(SafetyRules.Mode.OBSERVE, gpu(new Reason.Chosen(), 420, 700, 700, false), GRID)
                .text())
        .startsWith(
            "GPU 3 (Test GPU) is at 700 W, and Chase, which observes, would set 420 W: policy");
  }

  @Test
  void whatTheDriverMadeOfALimitIsNamed() {
    GpuView rounded = gpu(new Reason.Overridden(LATER), 420, 400, 400, false);
    assertThat(explain(SafetyRules.Mode.CONTROL, rounded, GRID).text())
        .contains("Its driver made 400 W of 420 W.");
    GpuView ignored =
        gpu(
            new Reason.WithoutEffect("the driver accepted 420 W and kept 700 W"),
            420,
            700,
            700,
            false);
    assertThat(explain(SafetyRules.Mode.CONTROL, ignored, GRID).text())
        .contains("the driver accepted 420 W and kept 700 W several times");
  }

  @Test
  void aFixedLimitBelowTheFloorNamesTheFloor() {
    Reason held = new Reason.Chosen(Optional.of(new Reason.Bound(new Watts(300), new Watts(420))));
    assertThat(explain(SafetyRules.Mode.CONTROL, gpu(held, 420, 420, 420, false), GRID).text())
        .contains("wants 300 W, and the floor is 420 W");
  }

  @Test
  void aPolicyWithItsOwnReferenceIsComparedWithThat() {
    GpuView gpu = gpu(new Reason.Chosen(), 420, 420, 420, false);
    Snapshot snapshot =
        TestSnapshots.snapshot(
            NOON,
            SafetyRules.Mode.CONTROL,
            false,
            PowerPolicy.parse("chase:0.24:824"),
            Optional.empty(),
            List.of(gpu));

    assertThat(new GpuExplanation(snapshot, gpu, GRID, NOON).text())
        .endsWith("50 % of the reference 824.");
  }

  private static GpuExplanation explain(SafetyRules.Mode mode, GpuView gpu, GridState grid) {
    return new GpuExplanation(snapshot(mode, gpu), gpu, grid, NOON);
  }

  private static Snapshot snapshot(SafetyRules.Mode mode, GpuView gpu) {
    return TestSnapshots.snapshot(
        NOON, mode, false, PowerPolicy.parse("chase:0.24"), Optional.empty(), List.of(gpu));
  }

  private static GpuView gpu(
      Reason reason, double target, double requested, double enforced, boolean pending) {
    GpuTraits traits =
        new GpuTraits(
            new GpuId("GPU-x"),
            3,
            "Test GPU",
            Optional.empty(),
            "1.0",
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            false);
    return TestSnapshots.gpu(
        traits,
        Optional.of(new Watts(700)),
        Optional.empty(),
        Optional.of(new Watts(target)),
        reason,
        Optional.of(new PowerLimits(new Watts(requested), new Watts(enforced))),
        pending,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        GpuView.WriteCounts.NONE);
  }
}
