package chase.daemon.profiles;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import chase.zeus.engine.Engine;
import chase.zeus.engine.Event;
import chase.zeus.engine.JobId;
import chase.zeus.engine.JobSpec;
import chase.zeus.engine.ProfilingRules;
import chase.zeus.engine.SafetyRules;
import chase.zeus.fixtures.SimulatedTraining;
import chase.zeus.gpu.GpuId;
import chase.zeus.gpu.GpuReading.Activity.Source;
import chase.zeus.gpu.GpuTraits;
import chase.zeus.gpu.PowerLimits;
import chase.zeus.gpu.PowerRange;
import chase.zeus.gpu.simulated.GpuPreset;
import chase.zeus.policy.PowerPolicy;
import chase.zeus.profile.Estimate;
import chase.zeus.profile.MeasuredProfile;
import chase.zeus.unit.Watts;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProfileKeeperTest {
  private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");
  private static final GpuId GPU = new GpuId("GPU-a");
  private static final JobId JOB = new JobId("a1");
  private static final PowerRange RANGE = new PowerRange(new Watts(100), new Watts(300));
  private static final JobFingerprint FINGERPRINT =
      new JobFingerprint("resnet", "Test card", 1, Optional.of(256));

  @TempDir Path state;

  private final Vertx vertx = Vertx.vertx();
  private final AtomicReference<Instant> now = new AtomicReference<>(NOON);
  private final Queue<String> warnings = new ConcurrentLinkedQueue<>();
  private final Queue<Event> told = new ConcurrentLinkedQueue<>();
  private final Engine engine = engine();
  private String deployed = "";

  @AfterEach
  void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  private static Engine engine() {
    SafetyRules rules =
        new SafetyRules(
            SafetyRules.Mode.CONTROL,
            0.5,
            Duration.ZERO,
            Duration.ofMinutes(10),
            Duration.ofSeconds(5),
            Duration.ofMinutes(10),
            Optional.of(ProfilingRules.DEFAULT));
    Engine engine = new Engine(rules, PowerPolicy.budget(0.05), NOON);
    GpuTraits traits =
        new GpuTraits(
            GPU,
            0,
            "Test card",
            Optional.empty(),
            "1.0",
            Optional.of(RANGE),
            Optional.of(RANGE.max()),
            Optional.empty(),
            true);
    PowerLimits limits = new PowerLimits(RANGE.max(), RANGE.max());
    engine.on(new Event.GpuOpened(traits, Optional.of(limits), Optional.empty(), NOON));
    return engine;
  }

  private ProfileStore store() throws Exception {
    return ProfileStore.open(state, 10, now::get, warnings::add);
  }

  private void deploy() throws Exception {
    ProfileKeeper keeper = new ProfileKeeper(store(), engine::snapshot, told::add, now::get);
    deployed = vertx.deployVerticle(keeper).toCompletionStage().toCompletableFuture().join();
  }

  private void startJob() {
    JobSpec spec =
        new JobSpec(
            "resnet",
            List.of(GPU),
            Optional.of(256),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());
    engine.on(new Event.JobStarted(JOB, spec, NOON));
  }

  private static MeasuredProfile profile(double speed) {
    return new MeasuredProfile(List.of(point(200, 190, 0.9 * speed), point(300, 280, speed)));
  }

  private static MeasuredProfile.MeasuredPoint point(double limit, double watts, double speed) {
    return new MeasuredProfile.MeasuredPoint(
        new Watts(limit), new Estimate(20, watts, 3), new Estimate(20, speed, 0.05));
  }

  /** The engine measures by itself; being told is the short way. */
  private void measured(MeasuredProfile profile) {
    engine.on(new Event.ProfileLoaded(JOB, profile, NOON, NOON));
  }

  private Optional<MeasuredProfile> onDisk() throws Exception {
    return store().find(FINGERPRINT).map(ProfileStore.SavedProfile::profile);
  }

  @Test
  void aJobThatRanBeforeStartsWithWhatIsKnown() throws Exception {
    store().save(FINGERPRINT, profile(4));
    deploy();
    startJob();
    await().until(() -> !told.isEmpty());
    assertThat(told).containsExactly(new Event.ProfileLoaded(JOB, profile(4), NOON, NOON));
    assertThat(warnings).isEmpty();
  }

  @Test
  void whatIsMeasuredIsOnDiskWhenTheJobHasEnded() throws Exception {
    deploy();
    startJob();
    await().during(Duration.ofMillis(1500)).until(told::isEmpty);
    measured(profile(4));
    await().during(Duration.ofMillis(1500)).until(() -> onDisk().isEmpty());
    engine.on(new Event.JobEnded(JOB, NOON));
    await().until(() -> onDisk().equals(Optional.of(profile(4))));
  }

  @Test
  void whatItsGpusCountedOfAJobWithoutReportsIsNotKeptForItsNextRun() throws Exception {
    SimulatedTraining training =
        new SimulatedTraining(
            GpuPreset.H100_SXM.powerRange(),
            GpuPreset.H100_SXM.profile(),
            1,
            PowerPolicy.budget(0.05),
            Optional.of(ProfilingRules.DEFAULT),
            Duration.ofSeconds(1),
            7,
            Optional.of(Source.CLOCK));
    training.register(Optional.empty());
    training.run(Duration.ofHours(3));
    assertThat(training.profile().points()).isNotEmpty();
    ProfileKeeper keeper =
        new ProfileKeeper(store(), training.engine()::snapshot, told::add, now::get);
    deployed = vertx.deployVerticle(keeper).toCompletionStage().toCompletableFuture().join();
    await().during(Duration.ofMillis(2500)).until(told::isEmpty);
    vertx.undeploy(deployed).toCompletionStage().toCompletableFuture().join();
    assertThat(state.resolve("profiles")).isEmptyDirectory();
  }

  @Test
  void whileTheJobRunsItIsSavedOnceAMinute() throws Exception {
    deploy();
    startJob();
    measured(profile(4));
    await().during(Duration.ofMillis(1500)).until(() -> onDisk().isEmpty());
    now.set(NOON.plus(Duration.ofMinutes(2)));
    await().until(() -> onDisk().equals(Optional.of(profile(4))));
  }

  @Test
  void whatIsNotSavedYetIsWhenTheDaemonEnds() throws Exception {
    deploy();
    startJob();
    await().during(Duration.ofMillis(1500)).until(told::isEmpty);
    measured(profile(4));
    vertx.undeploy(deployed).toCompletionStage().toCompletableFuture().join();
    assertThat(onDisk()).contains(profile(4));
  }

  @Test
  void aDamagedFileIsSetAsideAndReportedOnce() throws Exception {
    store().save(FINGERPRINT, profile(4));
    damage();
    deploy();
    startJob();
    await().until(() -> warnings.size() == 1);
    measured(profile(5));
    now.set(NOON.plus(Duration.ofMinutes(2)));
    await().until(() -> onDisk().equals(Optional.of(profile(5))));
    assertThat(told).isEmpty();
    assertThat(warnings).hasSize(1);
    assertThat(warnings.element()).contains("a profile cannot be used").contains(".damaged");
  }

  private void damage() throws IOException {
    try (var files = Files.list(state.resolve("profiles"))) {
      Files.writeString(files.findFirst().orElseThrow(), "{\"version\": 1, \"job\": \"res");
    }
  }
}
