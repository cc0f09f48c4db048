package chase.daemon.faults;

import static org.awaitility.Awaitility.await;

import chase.daemon.systemd.NotifyListener;
import chase.zeus.fixtures.FakeDriver;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

/**
 * A daemon as it is installed, with all its listeners, on the fake driver; what it takes is
 * measured from outside.
 */
final class FloodedHost implements AutoCloseable {
  /** Of the unit: {@code MemoryMax}. */
  static final long MAX_RSS_KIB = 256 * 1024;

  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final int WATCHDOG_MICROS = 300_000;

  /** How often the control loop turns when it has nothing else to do, and a ping behind it. */
  private static final Duration TURN = Duration.ofMillis(1_100);

  private static final List<Double> ORIGINALS = List.of(700.0, 400.0, 250.0);

  private final Path folder;
  private final FakeDriver driver;
  private final Process daemon;
  private final int metricsPort = freePort();
  private final int zeusPort = freePort();
  private final NotifyListener systemd;
  private final AtomicLong longestGap = new AtomicLong();
  private final AtomicBoolean over = new AtomicBoolean();
  private final Thread pings;

  /**
   * Starts it, and waits until it has lowered every limit.
   *
   * @param image how
   * @param through another program that becomes the daemon's process; nothing for none
   */
  FloodedHost(Path folder, DaemonImage image, List<String> through) throws IOException {
    this.folder = Files.createDirectories(folder);
    this.driver = FakeDriver.build(folder);
    driver.reset("h100", "a100", "v100");
    Files.writeString(
        folder.resolve("grid.csv"),
        "time,grams_per_kwh\n2021-01-01T00:00:00Z,300\n2021-01-01T01:00:00Z,400\n");
    Files.writeString(
        folder.resolve("chase.yaml"),
        String.format(
            Locale.ROOT,
            """
            policy: fixed:200
            state-directory: state
            control: {socket: chase.sock}
            metrics: {port: %d}
            batch-sizes: {zeus-api: {enabled: true, port: %d}}
            carbon: {provider: trace, region: test, trace: {file: grid.csv, repeat: true}}
            gpu: {library: %s, floor-ratio: 0.28, telemetry-period: 100ms, minimum-dwell: 0s}
            """,
            metricsPort,
            zeusPort,
            driver.library()));
    Path notify = folder.resolve("notify");
    systemd = new NotifyListener(notify.toString());
    daemon =
        image.start(
            through,
            Map.of(
                "NOTIFY_SOCKET",
                notify.toString(),
                "WATCHDOG_USEC",
                Integer.toString(WATCHDOG_MICROS)),
            log(),
            "daemon",
            "--config",
            folder.resolve("chase.yaml").toString());
    pings = Thread.ofPlatform().daemon().start(this::countPings);
    await().atMost(PATIENCE).until(() -> IntStream.range(0, 3).allMatch(this::isLowered));
    await().ignoreExceptions().atMost(PATIENCE).until(this::answers);
    longestPause();
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private boolean isLowered(int gpu) {
    return driver.requested(gpu).value() < ORIGINALS.get(gpu);
  }

  SocketAddress control() {
    return UnixDomainSocketAddress.of(folder.resolve("chase.sock"));
  }

  SocketAddress metrics() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), metricsPort);
  }

  SocketAddress zeus() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), zeusPort);
  }

  Path log() {
    return folder.resolve("chase.log");
  }

  /** Whether every listener answers a plain request, as it must whatever others do. */
  boolean answers() throws IOException {
    return answers(control(), "/v1/status")
        && answers(metrics(), "/healthz")
        && answers(zeus(), "/jobs");
  }

  private static boolean answers(SocketAddress to, String path) throws IOException {
    String request = "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    var answer = RawClient.send(to, request.getBytes(StandardCharsets.US_ASCII), PATIENCE);
    return answer.statuses().size() == 1 && answer.statuses().getFirst() < 500;
  }

  boolean isAlive() {
    return daemon.isAlive();
  }

  /** The control loop feeds systemd's watchdog; what is longer than the period is a pause. */
  private void countPings() {
    long last = System.nanoTime();
    while (!over.get()) {
      if (systemd.next().contains("WATCHDOG=1")) {
        long now = System.nanoTime();
        long gap = now - last;
        longestGap.accumulateAndGet(gap, Math::max);
        last = now;
      } else {
        LockSupport.parkNanos(1_000_000);
      }
    }
  }

  /** The longest pause of the control loop since this was last called. */
  Duration longestPause() {
    Duration gap = Duration.ofNanos(longestGap.getAndSet(0));
    return gap.compareTo(TURN) < 0 ? Duration.ZERO : gap.minus(TURN);
  }

  /** The most memory that it has taken so far, as the kernel counts it. */
  long peakKib() throws IOException {
    return status("VmHWM:");
  }

  long status(String key) throws IOException {
    try (var lines = Files.lines(Path.of("/proc/" + daemon.pid() + "/status"))) {
      return lines
          .filter(line -> line.startsWith(key))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
          .findFirst()
          .orElseThrow();
    }
  }

  /** Sends SIGTERM. */
  Duration stop() throws InterruptedException {
    long begin = System.nanoTime();
    daemon.destroy();
    if (!daemon.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
      throw new AssertionError("it does not stop");
    }
    return Duration.ofNanos(System.nanoTime() - begin);
  }

  int exitCode() {
    return daemon.exitValue();
  }

  /** How many GPUs do not have their original limit. */
  long leftBehind() {
    return IntStream.range(0, 3)
        .filter(gpu -> driver.requested(gpu).value() != ORIGINALS.get(gpu))
        .count();
  }

  @Override
  public void close() {
    daemon.destroyForcibly().onExit().join();
    over.set(true);
    try {
      pings.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    systemd.close();
  }
}
