package chase.zeus.gpu.nvml;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The daemon itself in {@code mode: observe}, which reads and sets nothing, beside whatever the GPU
 * does. Its files lie in a directory of their own.
 */
final class ObservingDaemon {
  /** How long it may take to answer at first, and to stop. */
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private static final double TICKS_PER_SECOND = 100;

  private final Path launcher;
  private final Path directory;
  private final Optional<Path> library;

  ObservingDaemon(Path launcher, Path directory, Optional<Path> library) {
    this.launcher = launcher;
    this.directory = directory;
    this.library = library;
  }

  /** Runs it for so long, and notes what it costs and says. */
  void observe(Duration time, CardReport report) {
    report.section("The daemon in observe mode");
    try {
      Path log = directory.resolve("log");
      long begin = System.nanoTime();
      Process daemon = start(log);
      try {
        if (!answers(daemon)) {
          report.fault("the daemon does not start");
          report.line("```\n%s\n```", Files.readString(log).strip());
          return;
        }
        double start = (System.nanoTime() - begin) / 1e9;
        note(daemon, time, start, report);
      } finally {
        stop(daemon, report);
      }
      report.line("\nIts log:\n\n```\n%s\n```", Files.readString(log).strip());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Process start(Path log) throws IOException {
    Files.writeString(
        directory.resolve("signal.csv"),
        """
        time,grams_per_kwh
        2026-01-01T00:00:00Z,200
        2026-01-01T01:00:00Z,600
        """);
    Files.createDirectories(directory.resolve("state"));
    Path config = directory.resolve("chase.yaml");
    Files.writeString(
        config,
        """
        mode: observe
        gpu:
          backend: nvml
        %s
        carbon:
          provider: trace
          region: CARD
          trace:
            file: signal.csv
            speed: 60
            repeat: true
        metrics:
          port: %s
        state-directory: state
        """
            .formatted(
                library.map(path -> "  library: " + path).orElse("  # the system's library"),
                freePort()));
    return chase("daemon", "--config", config.toString())
        .redirectErrorStream(true)
        .redirectOutput(log.toFile())
        .start();
  }

  /**
   * What a daemon takes of its host.
   *
   * @param rss all memory that it holds, KiB
   * @param privateDirty how much of that is its own alone, KiB
   * @param share of one core, 0.5 being half of it
   */
  record DaemonUse(long rss, long privateDirty, double share) {
    DaemonUse {
      if (privateDirty > rss) {
        throw new IllegalArgumentException(privateDirty + " KiB of its own, of " + rss);
      }
    }

    String text() {
      return CardReport.text(
          "RSS %.0f MB, private dirty %.0f MB, %.2f %% of a core",
          rss / 1024.0, privateDirty / 1024.0, 100 * share);
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private ProcessBuilder chase(String... words) {
    ProcessBuilder chase = new ProcessBuilder(launcher.toString());
    chase.command().addAll(List.of(words));
    chase.directory(directory.toFile());
    chase
        .environment()
        .putAll(
            Map.of(
                "CHASE_NO_BUILD", "1",
                "CHASE_SOCKET", directory.resolve("chase.sock").toString(),
                "JAVA_HOME", System.getProperty("java.home")));
    return chase;
  }

  private boolean answers(Process daemon) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (daemon.isAlive() && System.nanoTime() < end) {
      if (Files.exists(directory.resolve("chase.sock"))) {
        return true;
      }
      Pauses.milliseconds(20);
    }
    return false;
  }

  private void note(Process daemon, Duration time, double start, CardReport report)
      throws IOException {
    double before = cpuSeconds(daemon);
    Pauses.milliseconds(time.toMillis());
    DaemonUse use =
        new DaemonUse(
            kibibytes(daemon, "Rss"),
            kibibytes(daemon, "Private_Dirty"),
            (cpuSeconds(daemon) - before) / (time.toMillis() / 1e3));
    report.line(
        "Ready after %.2f s; after %d s at one reading a second: %s.",
        start, time.toSeconds(), use.text());
    report.phrase(
        CardReport.text(
            "observing daemon ready after %.1f s, %.0f MB RSS, %.1f %% of a core",
            start, use.rss() / 1024.0, 100 * use.share()));
    for (String command : List.of("gpus", "doctor")) {
      report.line("\n`chase %s`:\n\n```\n%s\n```", command, output(command));
    }
  }

  private String output(String command) throws IOException {
    Process asked = chase(command).redirectErrorStream(true).start();
    return new String(asked.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
  }

  private static void stop(Process daemon, CardReport report) {
    daemon.destroy();
    try {
      if (!daemon.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        daemon.destroyForcibly();
        report.fault("the daemon does not stop");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      daemon.destroyForcibly();
    }
  }

  private static double cpuSeconds(Process process) throws IOException {
    String stat = Files.readString(Path.of("/proc", Long.toString(process.pid()), "stat"));
    String[] words = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    return (Long.parseLong(words[11]) + Long.parseLong(words[12])) / TICKS_PER_SECOND;
  }

  private static long kibibytes(Process process, String key) throws IOException {
    Path rollup = Path.of("/proc", Long.toString(process.pid()), "smaps_rollup");
    return Files.readAllLines(rollup).stream()
        .filter(line -> line.startsWith(key + ":"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D+", "")))
        .findFirst()
        .orElse(0);
  }
}
