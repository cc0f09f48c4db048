package chase.daemon.faults;

import static org.awaitility.Awaitility.await;

import chase.daemon.fixtures.UnixHttp;
import chase.zeus.fixtures.FakeDriver;
import chase.zeus.unit.Watts;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A daemon on the fake driver whose grid passes at high speed, and which has no peace. Its GPUs'
 * own energy is counted beside it, over every reload of the driver.
 */
final class SoakedHost implements AutoCloseable {
  static final int GPUS = 3;
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final String WEEK = "/chase/daemon/synthetic-week.csv";

  /** Rows that are missing from each of these days' noon on: the signal grows too old. */
  private static final int GAP_HOURS = 8;

  private final Path folder;
  private final FakeDriver driver;
  private final Process daemon;
  private final double[] before = new double[GPUS];
  private final double[] atStart = new double[GPUS];

  /**
   * Starts it, and waits until it has lowered a limit.
   *
   * @param speed hours of the grid in an hour
   * @param prices where energinet's API is
   */
  SoakedHost(Path folder, DaemonImage image, long speed, String prices) throws IOException {
    this.folder = Files.createDirectories(folder);
    this.driver = FakeDriver.build(folder);
    driver.reset("h100", "a100", "v100");
    for (int gpu = 0; gpu < GPUS; gpu++) {
      driver.load(gpu, new Watts(230));
    }
    Files.writeString(folder.resolve("week.csv"), weekWithGaps());
    Files.writeString(
        folder.resolve("chase.yaml"),
        String.format(
            Locale.ROOT,
            """
            policy: chase:0.5
            state-directory: state
            control: {socket: chase.sock}
            metrics: {port: 0}
            carbon:
              provider: trace
              region: synthetic
              trace: {file: week.csv, speed: %d, repeat: true}
            price:
              provider: energinet
              region: DK1
              poll-period: 1s
              energinet: {base-url: "%s", calls-per-hour: 36000}
            gpu: {library: %s, floor-ratio: 0.5, telemetry-period: 200ms, minimum-dwell: 1s,
              hands-off: 2s, retry-after: 500ms, call-deadline: 1s}
            """,
            speed,
            prices,
            driver.library()));
    daemon =
        image.start(Map.of(), log(), "daemon", "--config", folder.resolve("chase.yaml").toString());
    await()
        .ignoreExceptions()
        .atMost(PATIENCE)
        .until(() -> UnixHttp.call(socket(), "GET", "/v1/status").status() == 200);
    for (int gpu = 0; gpu < GPUS; gpu++) {
      atStart[gpu] = driver.used(gpu).value() - reported() / GPUS;
    }
  }

  private static String weekWithGaps() throws IOException {
    try (InputStream week = SoakedHost.class.getResourceAsStream(WEEK)) {
      List<String> rows =
          new String(Objects.requireNonNull(week).readAllBytes(), StandardCharsets.UTF_8)
              .lines()
              .toList();
      return IntStream.range(0, rows.size())
          .filter(i -> i < 2 || i % 72 > GAP_HOURS)
          .mapToObj(rows::get)
          .reduce("", (text, row) -> text + row + "\n");
    }
  }

  FakeDriver driver() {
    return driver;
  }

  Path socket() {
    return folder.resolve("chase.sock");
  }

  Path log() {
    return folder.resolve("chase.log");
  }

  /** The driver is loaded anew: its counters begin at zero. */
  void reloadDriver() {
    for (int gpu = 0; gpu < GPUS; gpu++) {
      before[gpu] += driver.used(gpu).value();
    }
    driver.reload();
  }

  /** What the GPUs themselves have used since the daemon began to count, in joules. */
  double used() {
    return IntStream.range(0, GPUS)
        .mapToDouble(gpu -> before[gpu] + driver.used(gpu).value() - atStart[gpu])
        .sum();
  }

  /** What the ledger has of that, in joules. */
  double reported() {
    return UnixHttp.call(socket(), "GET", "/v1/report")
        .json()
        .path("total")
        .path("used")
        .path("joules")
        .doubleValue();
  }

  boolean isAlive() {
    return daemon.isAlive();
  }

  /** What it takes now. */
  record Taken(long rssKib, long files, long threads) {}

  Taken taken() throws IOException {
    Path process = Path.of("/proc/" + daemon.pid());
    List<String> status = Files.readAllLines(process.resolve("status"));
    try (Stream<Path> files = Files.list(process.resolve("fd"))) {
      return new Taken(number(status, "VmRSS:"), files.count(), number(status, "Threads:"));
    }
  }

  private static long number(List<String> status, String key) {
    return status.stream()
        .filter(line -> line.startsWith(key))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
        .findFirst()
        .orElseThrow();
  }

  /** Sends SIGTERM; its exit code. */
  int stop() throws InterruptedException {
    daemon.destroy();
    if (!daemon.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
      throw new AssertionError("it does not stop");
    }
    return daemon.exitValue();
  }

  /** Waits until every GPU is read again: what it used meanwhile is then in its own counter. */
  void awaitAnswers() {
    await().atMost(PATIENCE).until(this::allAnswer);
  }

  private boolean allAnswer() {
    JsonNode gpus = UnixHttp.call(socket(), "GET", "/v1/gpus").json();
    return gpus.size() == GPUS
        && gpus.valueStream()
            .allMatch(gpu ->
                gpu.path("contact").path("state").asText().equals("answering")
                    && !gpu.path("reading").isMissingNode());
  }

  /** The limits that the driver has now. */
  List<Double> requested() {
    return IntStream.range(0, GPUS).mapToObj(gpu -> driver.requested(gpu).value()).toList();
  }

  @Override
  public void close() {
    daemon.destroyForcibly().onExit().join();
    Arrays.fill(before, 0);
  }
}
