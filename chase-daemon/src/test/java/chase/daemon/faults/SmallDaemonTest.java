package chase.daemon.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a daemon with 8 GPUs keeps in memory, in figures that every machine agrees on: half of its
 * memory are its classes, some 6 KB each (bench/README.md). Who needs more raises the bound and
 * says what for.
 */
class SmallDaemonTest {
  private static final int CLASSES = 4900;
  private static final int THREADS = 45;

  @TempDir private Path folder;

  @Test
  void aStartedDaemonHasFewClassesAndThreads() throws Exception {
    int port = freePort();
    Path config = config(port);
    Path loaded = folder.resolve("classes");
    Process daemon =
        DaemonImage.ofTests()
            .start(
                Map.of("JDK_JAVA_OPTIONS", "-Xlog:class+load:file=" + loaded + ":none"),
                folder.resolve("log"),
                "daemon",
                "--config",
                config.toString());
    try {
      assertThat(WatchedDaemon.awaited(() -> listens(port)))
          .as(() -> "the daemon started: " + log())
          .isTrue();
      // Classes that the JVM makes itself, for a lambda or a method handle, are six times smaller.
      try (Stream<String> lines = Files.lines(loaded)) {
        assertThat(lines.filter(line -> !line.contains("/0x")).count())
            .as("classes loaded by a daemon that has just started")
            .isBetween(CLASSES / 2L, (long) CLASSES);
      }
      try (Stream<Path> threads = Files.list(Path.of("/proc/" + daemon.pid() + "/task"))) {
        assertThat(threads.count()).as("threads").isBetween(10L, (long) THREADS);
      }
    } finally {
      daemon.destroy();
      daemon.waitFor();
    }
  }

  private Path config(int port) throws IOException {
    Path signal = folder.resolve("signal.csv");
    Files.writeString(
        signal, "time,grams_per_kwh\n2026-01-01T00:00:00Z,300\n2026-01-01T01:00:00Z,500\n");
    return Files.writeString(
        folder.resolve("chase.yaml"),
        """
        mode: control
        gpu:
          backend: simulated
          simulated: [h100-sxm, h100-sxm, h100-sxm, h100-sxm, h100-sxm, h100-sxm, h100-sxm, h100-sxm]
        carbon:
          provider: trace
          region: SMALL
          trace:
            file: %1$s/signal.csv
            repeat: true
        control:
          socket: %1$s/chase.sock
        metrics:
          port: %2$s
        state-directory: %1$s
        """
            .formatted(folder, port));
  }

  private static boolean listens(int port) {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private String log() {
    try {
      return Files.readString(folder.resolve("log"));
    } catch (IOException e) {
      return e.toString();
    }
  }
}
