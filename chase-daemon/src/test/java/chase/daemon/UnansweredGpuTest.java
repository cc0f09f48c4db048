package chase.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import chase.daemon.cli.ChaseCommand;
import chase.daemon.config.ChaseConfig;
import chase.daemon.fixtures.NoLocalActions;
import chase.daemon.fixtures.UnixHttp;
import chase.zeus.fixtures.FakeDriver;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A GPU is lost at a limit of Chase, and the daemon that is started then never sees it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class UnansweredGpuTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int UNINITIALIZED = 1;
  private static final int GPU_IS_LOST = 15;

  private final VertxOptions options = new VertxOptions().setPreferNativeTransport(true);
  private FakeDriver driver;
  private final List<Vertx> loops = new ArrayList<>();
  private ChaseConfig config;
  private String uuid = "";
  private Optional<RunningDaemon> running = Optional.empty();
  private Optional<Servers> servers = Optional.empty();

  @BeforeAll
  void build(@TempDir Path folder) {
    driver = FakeDriver.build(folder);
  }

  @BeforeEach
  void freshGpus(@TempDir Path directory) throws Exception {
    driver.reset("h100", "a100");
    config =
        ChaseConfig.parse(
            "chase.yaml",
            """
            policy: fixed:525
            state-directory: state
            control: {socket: %s}
            metrics: {enabled: false}
            gpu:
              library: %s
              floor-ratio: 0.3
              telemetry-period: 100ms
              call-deadline: 1s
              minimum-dwell: 0s
            """
                .formatted(directory.resolve("chase.sock"), driver.library()),
            directory,
            Map.of());
  }

  @AfterEach
  void stop() throws Exception {
    driver.mend();
    servers.ifPresent(Servers::close);
    running.ifPresent(RunningDaemon::stop);
    for (Vertx loop : loops) {
      loop.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }
  }

  private Vertx loop() {
    Vertx loop = Vertx.vertx(options);
    loops.add(loop);
    return loop;
  }

  private RunningDaemon start() throws Exception {
    RunningDaemon daemon = RunningDaemon.start(loop(), config, InstantSource.system());
    running = Optional.of(daemon);
    return daemon;
  }

  private void restartWithout(int code) throws Exception {
    RunningDaemon first = start();
    await().atMost(PATIENCE).until(() -> driver.requested(0).value() == 525);
    uuid = first.snapshot().gpus().getFirst().traits().id().uuid();
    driver.fail(0, "nvml", code);
    assertThat(first.stop()).isFalse();
    RunningDaemon second = start();
    Servers opened = second.servers(loop());
    servers = Optional.of(opened);
    opened.open(config);
    await().atMost(PATIENCE).until(() -> second.snapshot().gpus().size() == 1);
    await().atMost(PATIENCE).until(() -> !second.governor().unanswered().slots().isEmpty());
  }

  private record Printed(int exitCode, String out, String err) {}

  private Printed chase(String... words) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int exitCode =
        ChaseCommand.run(
            Stream.concat(
                    Stream.of("--socket", config.control().socket().toString()),
                    Arrays.stream(words))
                .toArray(String[]::new),
            new NoLocalActions(),
            new PrintWriter(out, true),
            new PrintWriter(err, true));
    return new Printed(exitCode, flat(out), flat(err));
  }

  private static String flat(StringWriter text) {
    return text.toString().replaceAll("\\s+", " ");
  }

  private String record() {
    return uuid
        + " (NVIDIA H100 80GB HBM3): limited by Chase to 525 W, does not answer; its original"
        + " limit 700 W is on record and goes back when it does";
  }

  @ParameterizedTest
  @ValueSource(ints = {GPU_IS_LOST, UNINITIALIZED})
  void everyCommandNamesTheGpuAndItsLimitOnRecord(int code) throws Exception {
    restartWithout(code);
    for (String command : new String[] {"status", "gpus"}) {
      assertThat(chase(command).out())
          .contains(" lost GPU 0: ", " limits 1 not restored: " + record());
    }
    Printed explained = chase("explain", "0");
    assertThat(explained.err()).contains("GPU 0: ", "not restored: " + record());
    assertThat(explained.exitCode()).isEqualTo(1);
    assertThat(chase("explain", uuid).err()).contains(record());
    assertThat(chase("explain", "7").exitCode()).isEqualTo(2);
    assertThat(UnixHttp.call(config.control().socket(), "GET", "/v1/doctor").body())
        .contains("2 GPUs", "\"failed\",\"about\":\"gpu\",\"text\":\"GPU 0: ", record());
  }

  @Test
  void aGpuThatComesBackIsNotMissedAnyMore() throws Exception {
    restartWithout(GPU_IS_LOST);
    driver.mend();
    await().atMost(PATIENCE).until(() -> running.orElseThrow().snapshot().gpus().size() == 2);
    assertThat(chase("status").out()).doesNotContain("not restored", " lost ");
    assertThat(chase("explain", "0").exitCode()).isZero();
    assertThat(running.orElseThrow().stop()).isTrue();
    assertThat(driver.requested(0).value()).isEqualTo(700);
  }
}
