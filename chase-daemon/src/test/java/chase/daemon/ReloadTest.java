package chase.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import chase.daemon.config.ChaseConfig;
import chase.daemon.config.ConfigChanges.ConfigChange;
import chase.daemon.config.ConfigFile;
import chase.daemon.fixtures.TestCertificates;
import chase.daemon.reload.ConfigReloader;
import chase.daemon.reload.ConfigState;
import chase.daemon.reload.ReloadRefused;
import chase.daemon.text.LogLevel;
import chase.zeus.engine.Event;
import chase.zeus.engine.GpuView;
import chase.zeus.engine.Reason;
import chase.zeus.policy.PowerPolicy;
import chase.zeus.unit.Watts;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A whole daemon on simulated GPUs whose configuration file changes. */
class ReloadTest {
  private static final Instant LONG_AGO = Instant.parse("2026-01-01T00:00:00Z");

  @TempDir Path directory;
  private final Vertx vertx = Vertx.vertx();
  private final List<LogLevel> levels = new CopyOnWriteArrayList<>();
  private final List<String> events = new CopyOnWriteArrayList<>();
  private Path file;
  private RunningDaemon daemon;
  private ConfigReloader reloader;

  @BeforeEach
  void aDaemonOnAFixedLimit() throws Exception {
    file = directory.resolve("chase.yaml");
    write("policy: fixed:500");
    ConfigFile read = ConfigFile.read(file, Map.of());
    daemon = RunningDaemon.start(vertx, read.parse(), InstantSource.system());
    daemon.notifications().subscribe(event -> events.add(event.text()));
    reloader = daemon.reloader(Optional.of(new ConfigState.SourceFile(file, read)), levels::add);
    await().until(() -> limit() == 500);
  }

  @AfterEach
  void stop() throws Exception {
    daemon.stop();
    completed(vertx.close());
  }

  /** A configuration with these lines besides those that every test needs. */
  private void write(String... lines) throws IOException {
    List<String> all = new ArrayList<>(List.of(lines));
    boolean ownGpus = all.stream().anyMatch(line -> line.startsWith("gpu:"));
    if (!ownGpus) {
      all.add("gpu: {backend: simulated, minimum-dwell: 0s}");
    }
    all.add("state-directory: state");
    all.add("control: {socket: chase.sock}");
    all.add("metrics: {enabled: false}");
    overwrite(String.join("\n", all));
  }

  /** Written long ago, so that no test waits until the file has settled. */
  private void overwrite(String text) throws IOException {
    Files.writeString(file, text);
    Files.setLastModifiedTime(file, FileTime.from(LONG_AGO));
  }

  private static <T> T completed(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
  }

  private List<String> reload() throws Exception {
    return completed(reloader.reload()).stream().map(ConfigChange::text).toList();
  }

  /** Why a reload is refused; it must leave everything as it was. */
  private List<String> refusal() {
    ChaseConfig before = reloader.state().config();
    double limit = limit();
    try {
      reloader.reload().toCompletionStage().toCompletableFuture().join();
      throw new AssertionError("not refused");
    } catch (CompletionException e) {
      assertThat(reloader.state().config()).isEqualTo(before);
      assertThat(limit()).isEqualTo(limit);
      assertThat(reloader.state().refused()).isPresent();
      return ((ReloadRefused) Objects.requireNonNull(e.getCause())).reasons();
    }
  }

  private GpuView gpu() {
    return daemon.snapshot().gpus().getFirst();
  }

  private double limit() {
    return gpu().limits().map(shown -> shown.requested().value()).orElse(-1.0);
  }

  @Test
  void anotherPolicyAndFloorCountAtOnce() throws Exception {
    write("policy: fixed:400", "gpu: {backend: simulated, minimum-dwell: 0s, floor-ratio: 0.4}");
    assertThat(reload())
        .containsExactly("policy fixed:500 -> fixed:400", "gpu.floor-ratio 0.6 -> 0.4");
    await().until(() -> limit() == 400);
    assertThat(reloader.state().reloads()).isEqualTo(1);
    await()
        .until(() ->
            events.contains(
                "the configuration is reloaded: policy fixed:500 -> fixed:400, gpu.floor-ratio 0.6"
                    + " -> 0.4"));
  }

  @Test
  void aFileThatSaysTheSameChangesNothing() throws Exception {
    assertThat(reload()).isEmpty();
    assertThat(limit()).isEqualTo(500);
  }

  @Test
  void oneMistakeRefusesAllOfItAndEveryMistakeIsNamed() throws Exception {
    write("policy: fixed:400", "polcy: max", "log: {level: loud}");
    assertThat(refusal())
        .containsExactly(
            "unknown key polcy in chase.yaml:2; did you mean policy?",
            "log.level in chase.yaml:3: 'loud' is not one of debug, info, warning, error");
    write("policy: fixed:450");
    reload();
    await().until(() -> limit() == 450);
    assertThat(reloader.state().refused()).as("the last one was applied").isEmpty();
    assertThat(reloader.state().refusals()).isEqualTo(1);
  }

  @Test
  void aFileThatIsGoneEmptyHugeOrHalfWrittenIsRefused() throws Exception {
    overwrite("");
    assertThat(refusal())
        .containsExactly(
            file + " is empty; to go back to all defaults, write {} or restart the daemon");
    overwrite("# ".repeat(5 << 20));
    assertThat(refusal())
        .containsExactly("the configuration file " + file + " is larger than 256 KiB");
    overwrite("policy: fixed:400\ngpu: {backend: simul");
    assertThat(refusal()).hasSize(1).first().asString().startsWith("chase.yaml:");
    Files.delete(file);
    assertThat(refusal()).containsExactly("the configuration file " + file + " does not exist");
    Files.createDirectory(file);
    assertThat(refusal()).containsExactly("the configuration file " + file + " is a directory");
    Files.delete(file);
    write("policy: fixed:430");
    reload();
    await().until(() -> limit() == 430);
  }

  @Test
  void whatTheFileNamesMustBeThere() throws Exception {
    write("policy: fixed:400", "carbon: {provider: trace, trace: {file: gone.csv}}");
    assertThat(refusal()).hasSize(1).first().asString().contains("gone.csv");
    write(
        "policy: fixed:400",
        "carbon: {provider: electricity-maps, region: FR, electricity-maps: {token-file: gone}}");
    assertThat(refusal())
        .containsExactly(
            "carbon.electricity-maps.token-file: " + directory.resolve("gone") + " does not exist");
    write("policy: fixed:400", "gpu: {backend: simulated, profile: gone.csv}");
    assertThat(refusal())
        .containsExactly("gpu.profile: " + directory.resolve("gone.csv") + " does not exist");
  }

  @Test
  void aKeyThatTakesARestartIsKeptAndTheOthersCount() throws Exception {
    write("policy: fixed:450", "mode: observe", "ledger: {retention: 30d}");
    assertThat(reload())
        .containsExactly(
            "mode control -> observe",
            "policy fixed:500 -> fixed:450",
            "ledger.retention 400d -> 30d");
    await().until(() -> limit() == 450);
    assertThat(reloader.state().waiting())
        .extracting(ConfigChange::key)
        .containsExactly("mode", "ledger.retention");
    assertThat(reloader.state().settings())
        .filteredOn(setting -> setting.key().equals("mode"))
        .allSatisfy(setting -> {
          assertThat(setting.value()).isEqualTo("control");
          assertThat(setting.source()).isEqualTo("kept until a restart; chase.yaml:2 differs");
        });
    assertThat(reload()).as("they still wait").hasSize(2);
  }

  @Test
  void whatSomebodyAskedForStays() throws Exception {
    completed(
        daemon.command(
            new Event.OverrideSet(
                gpu().traits().id(),
                new Watts(600),
                Instant.now().plusSeconds(600),
                Instant.now())));
    write("policy: fixed:400", "gpu: {backend: simulated, hands-off: 1m}");
    reload();
    assertThat(limit()).isEqualTo(600);
    assertThat(gpu().reason()).isInstanceOf(Reason.Overridden.class);
    completed(
        daemon.command(new Event.PolicyChosen(PowerPolicy.parse("fixed:520"), Instant.now())));
    write("policy: fixed:400", "gpu: {backend: simulated, hands-off: 2m}");
    reload();
    assertThat(daemon.snapshot().policy().spec())
        .as("the file's policy did not change again")
        .isEqualTo("fixed:520");
  }

  @Test
  void hostPowerProvidersAndTheLogFollow() throws Exception {
    write(
        "policy: fixed:500",
        "host: {watts-per-gpu: 90}",
        "carbon: {provider: static, country: France}",
        "log: {level: warning}");
    reload();
    await().until(() -> daemon.snapshot().hostPower().perGpu().equals(new Watts(90)));
    await().until(() -> daemon.grid().current().isPresent());
    assertThat(daemon.grid().provider()).isEqualTo("static");
    await().until(() -> levels.contains(LogLevel.WARNING));
    write("policy: fixed:500");
    reload();
    await().until(() -> daemon.grid().provider().equals("none"));
    await().until(() -> daemon.snapshot().hostPower().perGpu().equals(Watts.ZERO));
  }

  @Test
  void aSecretThatIsReplacedInItsFileIsReadAgain() throws Exception {
    Path token = directory.resolve("token");
    Files.writeString(token, "abcdefgh1234");
    write(
        "policy: fixed:500",
        "carbon: {provider: electricity-maps, region: FR, electricity-maps: {token-file: token,"
            + " base-url: 'http://127.0.0.1:9'}}");
    reload();
    assertThat(reload()).isEmpty();
    Files.writeString(token, "hgfedcba4321");
    assertThat(reload())
        .containsExactly("carbon.electricity-maps.token-file (a secret) -> (another secret)");
  }

  @Test
  void certificatesThatAreReplacedInTheirFileAreReadAgain() throws Exception {
    Path authority = TestCertificates.make(directory, "ca", "EC").certificate();
    write(
        "policy: fixed:500",
        "carbon: {provider: neso, region: GB, neso: {base-url: 'https://127.0.0.1:9'}}",
        "http: {ca-file: ca.crt}");
    reload();
    assertThat(reload()).isEmpty();
    Files.writeString(authority, "# new\n" + Files.readString(authority));
    assertThat(reload()).containsExactly("http.ca-file (certificates) -> (other certificates)");
  }

  @Test
  void aStormOfRequestsEndsWithWhatTheFileSaysLast() throws Exception {
    List<Future<List<ConfigChange>>> storm = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      write("policy: fixed:" + (450 + i));
      storm.add(reloader.reload());
    }
    for (Future<List<ConfigChange>> one : storm) {
      one.toCompletionStage().toCompletableFuture().handle((done, why) -> done).join();
    }
    reload();
    await().until(() -> limit() == 549);
    assertThat(reloader.state().reloads() + reloader.state().refusals()).isLessThan(100);
  }

  @Test
  void nothingIsAppliedOnceChaseStops() throws Exception {
    reloader.close();
    write("policy: fixed:400");
    try {
      completed(reloader.reload());
      throw new AssertionError("not refused");
    } catch (java.util.concurrent.ExecutionException e) {
      assertThat(e.getCause()).isInstanceOf(ReloadRefused.class).hasMessage("Chase is stopping");
    }
    assertThat(limit()).isEqualTo(500);
  }
}
