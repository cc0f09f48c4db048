package chase.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The demo as a process of its own. */
class DemoTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir Path directory;
  private final List<Process> started = new ArrayList<>();

  @AfterEach
  void leaveNoProcess() throws InterruptedException {
    for (Process demo : started) {
      demo.destroyForcibly().waitFor(30, TimeUnit.SECONDS);
    }
  }

  private Path temporary() throws IOException {
    return Files.createDirectories(directory.resolve("tmp"));
  }

  private Process start(Map<String, String> environment, String... options) throws IOException {
    List<String> command =
        Stream.concat(
                Stream.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "--enable-native-access=ALL-UNNAMED",
                    "-cp",
                    System.getProperty("java.class.path"),
                    "chase.daemon.Main",
                    "demo"),
                Stream.of(options))
            .toList();
    ProcessBuilder process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(Redirect.to(directory.resolve("out").toFile()));
    process.environment().put("TMPDIR", temporary().toString());
    process.environment().putAll(environment);
    Process demo = process.start();
    started.add(demo);
    return demo;
  }

  private String printed() throws IOException {
    return Files.readString(directory.resolve("out"));
  }

  private static void bind(ServerSocket socket) throws IOException {
    try {
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 9478));
    } catch (BindException e) {
      assertThat(e).hasMessageContaining("in use");
    }
  }

  private static int exitCode(Process demo) throws InterruptedException {
    assertThat(demo.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return demo.exitValue();
  }

  /** A path is never broken, and a library complains of the tests' class path. */
  private static boolean isWrapped(String line) {
    return !line.contains("/chase.sock") && !line.startsWith("SLF4J");
  }

  private void assertNothingIsLeft() throws IOException {
    try (Stream<Path> left = Files.list(temporary())) {
      assertThat(left).isEmpty();
    }
  }

  @Test
  void itEndsByItselfWithItsResultAndLeavesNothing() throws Exception {
    Process demo = start(Map.of("COLUMNS", "200"), "--for", "6s");
    assertThat(exitCode(demo)).isZero();
    assertThat(printed())
        .contains(
            "Three SIMULATED GPUs",
            "  Page  http://127.0.0.1:",
            "job resnet50 began on GPU 0",
            "job bert began on GPU 1",
            "is being measured at",
            "SIMULATED result",
            "The demo is over; nothing is left behind.");
    assertThat(printed().lines().filter(DemoTest::isWrapped))
        .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80));
    assertNothingIsLeft();
  }

  @Test
  void aSignalEndsItAtAnyMomentAndNothingIsLeft() throws Exception {
    Process demo = start(Map.of());
    await().atMost(PATIENCE).until(() -> printed().contains("starts"));
    demo.destroy();
    exitCode(demo);
    assertNothingIsLeft();
  }

  @Test
  void whereItsPortIsTakenThePageHasAnother() throws Exception {
    // Another process of this host that has the port is as good.
    try (ServerSocket taken = new ServerSocket()) {
      taken.setReuseAddress(true);
      bind(taken);
      Process demo = start(Map.of());
      await().atMost(PATIENCE).until(() -> printed().contains("because 9478 is taken"));
      demo.destroy();
      exitCode(demo);
      assertNothingIsLeft();
    }
  }

  @Test
  void withoutATemporaryDirectoryItSaysSo() throws Exception {
    Process demo = start(Map.of("TMPDIR", directory.resolve("missing").toString()));
    assertThat(exitCode(demo)).isEqualTo(1);
    assertThat(printed()).contains("the demo needs a directory to write to, and TMPDIR");
  }

  @Test
  void itEndsWhenNobodyReadsWhatItPrints() throws Exception {
    ProcessBuilder process =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            "chase.daemon.Main",
            "demo");
    process.environment().put("TMPDIR", temporary().toString());
    Process demo = process.redirectError(Redirect.DISCARD).start();
    started.add(demo);
    demo.getInputStream().close();
    exitCode(demo);
    assertNothingIsLeft();
  }
}
