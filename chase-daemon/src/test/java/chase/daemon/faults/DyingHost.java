package chase.daemon.faults;

import static org.awaitility.Awaitility.await;

import chase.daemon.config.ChaseConfig;
import chase.daemon.fixtures.UnixHttp;
import chase.daemon.gpu.GpuBackend;
import chase.daemon.gpu.LockedJournals;
import chase.zeus.fixtures.FakeDriver;
import chase.zeus.unit.Watts;
import chase.zeus.writes.WriteBounds;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** A host with a fake driver, three GPUs and a state directory, on which daemons die in turn. */
final class DyingHost {
  static final int GPUS = 3;
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final InstantSource CLOCK = InstantSource.system();

  /** Each GPU's highest limit, and the lowest original that a policy still lowers. */
  private static final int[] HIGHEST = {700, 400, 250};

  private static final int LOWEST = 240;

  private final Path folder;
  private final FakeDriver driver;
  private final Random random;
  private final List<Watts> originals = new ArrayList<>();

  DyingHost(Path folder, Random random) throws IOException {
    this.folder = Files.createDirectories(folder);
    this.driver = FakeDriver.build(folder);
    this.random = random;
  }

  Random random() {
    return random;
  }

  FakeDriver driver() {
    return driver;
  }

  Path state() {
    return folder.resolve("state");
  }

  Path log() {
    return folder.resolve("chase.log");
  }

  /** What a daemon that died in a write died in, a line each. */
  Path note() {
    return folder.resolve("note");
  }

  /** GPUs with new original limits, of which nothing is on record. */
  void renew() {
    driver.reset("h100", "a100", "v100");
    originals.clear();
    for (int gpu = 0; gpu < GPUS; gpu++) {
      Watts original = new Watts(LOWEST + random.nextInt(HIGHEST[gpu] - LOWEST + 1));
      driver.foreignLimit(gpu, original);
      originals.add(original);
    }
  }

  List<Watts> originals() {
    return List.copyOf(originals);
  }

  List<Watts> requested() {
    return IntStream.range(0, GPUS).mapToObj(driver::requested).toList();
  }

  private ChaseConfig config() {
    try {
      return ChaseConfig.load(folder.resolve("chase.yaml"), Map.of());
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  /** A daemon whose policy lowers every GPU to some limit below its original. */
  Process daemon(DaemonImage image, Map<String, String> environment) {
    return daemon(image, List.of(), environment);
  }

  /** The same through another program. */
  Process daemon(DaemonImage image, List<String> through, Map<String, String> environment) {
    try {
      Files.writeString(
          folder.resolve("grid.csv"),
          "time,grams_per_kwh\n2021-01-01T00:00:00Z,300\n2021-01-01T01:00:00Z,400\n");
      Files.writeString(
          folder.resolve("chase.yaml"),
          String.format(
              Locale.ROOT,
              """
              policy: fixed:%d
              state-directory: state
              control: {socket: chase.sock}
              metrics: {port: 0}
              carbon: {provider: trace, region: test, trace: {file: grid.csv, repeat: true}}
              gpu: {library: %s, floor-ratio: 0.3, telemetry-period: 100ms, call-deadline: 5s,
                retry-after: 1s}
              """,
              210 + random.nextInt(25),
              driver.library()));
      return image.start(
          through,
          environment,
          log(),
          "daemon",
          "--config",
          folder.resolve("chase.yaml").toString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void awaitLowered() {
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(20))
        .until(() ->
            IntStream.range(0, GPUS)
                .allMatch(gpu -> driver.requested(gpu).compareTo(originals.get(gpu)) < 0));
  }

  /** Has the daemon write its ledger now, if it answers. */
  void report() {
    try {
      UnixHttp.call(folder.resolve("chase.sock"), "GET", "/v1/report");
    } catch (UncheckedIOException | NullPointerException | NumberFormatException e) {
      // It died meanwhile, or does not listen yet.
    }
  }

  /** What {@code /v1/gpus} says; empty where no daemon answers. */
  String gpus() {
    try {
      return UnixHttp.call(folder.resolve("chase.sock"), "GET", "/v1/gpus").body();
    } catch (UncheckedIOException | NullPointerException | NumberFormatException e) {
      return "";
    }
  }

  /** {@code chase restore} in a process of its own, as systemd runs it; whether all is back. */
  boolean restore(DaemonImage image) throws IOException, InterruptedException {
    Process restore =
        image.start(
            Map.of(), log(), "restore", "--config", folder.resolve("chase.yaml").toString());
    return restore.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS) && restore.exitValue() == 0;
  }

  /** The same in this process. */
  boolean restoreHere() throws Exception {
    StringWriter out = new StringWriter();
    ChaseConfig config = config();
    boolean all =
        LockedJournals.restoreWithoutDaemon(
            LockedJournals.paths(config),
            GpuBackend.driver(config.gpu(), CLOCK),
            config.gpu().callDeadline(),
            WriteBounds.DEFAULT_RAISE_WATTS_PER_SECOND,
            CLOCK,
            new PrintWriter(out, true));
    Files.writeString(folder.resolve("restored.txt"), out.toString());
    return all;
  }

  /** What the last daemon died in, where a write killed it. */
  Optional<String> noted() throws IOException {
    return Files.exists(note()) ? Optional.of(Files.readString(note()).strip()) : Optional.empty();
  }

  /** Whoever reads a damaged journal, or what else is kept over a restart, gives it such a name. */
  boolean journalDamaged() throws IOException {
    return anyFile(name -> name.contains(".damaged") && !name.startsWith("ledger.db"));
  }

  private boolean anyFile(Predicate<String> named) throws IOException {
    if (!Files.exists(state())) {
      return false;
    }
    try (Stream<Path> files = Files.walk(state())) {
      return files.map(file -> file.getFileName().toString()).anyMatch(named);
    }
  }

  /**
   * Whether SQLite finds anything wrong in the ledger. It looks at a copy, because the next daemon
   * must find the files as they were left.
   */
  boolean ledgerDamaged() throws IOException, SQLException {
    Path copy = folder.resolve("copy.db");
    for (String part : List.of("", "-wal", "-shm")) {
      Path original = state().resolve("ledger.db" + part);
      Path target = folder.resolve("copy.db" + part);
      Files.deleteIfExists(target);
      if (Files.exists(original)) {
        Files.copy(original, target);
      }
    }
    if (!Files.exists(copy)) {
      return false;
    }
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + copy);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("PRAGMA integrity_check")) {
      return !rows.getString(1).equals("ok")
          || anyFile(name -> name.startsWith("ledger.db.damaged"));
    }
  }
}
