package chase.daemon.faults;

import static org.assertj.core.api.Assertions.assertThat;

import chase.zeus.fixtures.CompiledC;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills real daemons with SIGKILL, at random moments and in the midst of writes, and lets {@code
 * chase restore}, or the next daemon, find what they left.
 */
class KillsTest {
  private static final int KILLS = FaultTable.count(5, 500);
  private static final int HOSTS = FaultTable.count(1, 2);

  @TempDir Path directory;

  @Test
  void everyLimitIsBackAfterEveryKill() throws Exception {
    Path deadly = directory.resolve("die_in_write.so");
    Path source = directory.resolve("die_in_write.c");
    try (InputStream text = getClass().getResourceAsStream("/faults/die_in_write.c")) {
      Files.write(source, Objects.requireNonNull(text).readAllBytes());
    }
    CompiledC.compile(source, deadly, List.of(), "-shared", "-fPIC");
    DaemonImage image = image();
    List<Future<List<Death>>> hosts = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(HOSTS)) {
      for (int i = 0; i < HOSTS; i++) {
        DyingHost host =
            new DyingHost(directory.resolve("host-" + i), new Random(FaultTable.seed() + i));
        hosts.add(threads.submit(() -> new DaemonLives(host, image, deadly).kill(KILLS / HOSTS)));
      }
    }
    List<Death> deaths = new ArrayList<>();
    for (Future<List<Death>> host : hosts) {
      deaths.addAll(host.get());
    }
    publish(deaths);
    assertThat(deaths).hasSize(KILLS);
    assertThat(deaths)
        .allSatisfy(death -> {
          assertThat(death.leftBehind()).as("%s", death).isZero();
          assertThat(death.journalDamaged()).as("%s", death).isFalse();
          assertThat(death.ledgerDamaged()).as("%s", death).isFalse();
        });
    assertThat(deaths).anyMatch(death -> death.lowered() > 0);
    assertThat(deaths.stream().filter(death -> death.moment() != Death.Moment.RANDOM).count())
        .isGreaterThanOrEqualTo(KILLS / 2);
  }

  /** The cache of classes pays only where many daemons start. */
  private DaemonImage image() throws Exception {
    if (KILLS < 100) {
      return DaemonImage.ofTests();
    }
    DaemonImage packed = DaemonImage.packed(directory);
    Path cache = directory.resolve("chase.aot");
    DyingHost host = new DyingHost(directory.resolve("recording"), new Random(1));
    host.renew();
    Process daemon = host.daemon(packed.recording(cache), Map.of());
    host.awaitLowered();
    daemon.destroy();
    daemon.waitFor();
    return Files.exists(cache) ? packed.cached(cache) : packed;
  }

  private static void publish(List<Death> deaths) {
    FaultTable table =
        new FaultTable(
            "kills",
            "SIGKILL",
            "kills",
            "GPUs lowered at death",
            "restored right",
            "limits left behind",
            "corrupt journals",
            "corrupt ledgers",
            "slowest `chase restore`",
            "of it without the JVM's start");
    for (Death.Moment moment : Death.Moment.values()) {
      add(table, moment.text(), deaths, death -> death.moment() == moment);
    }
    for (Death.Finder finder : Death.Finder.values()) {
      add(table, "of these, " + finder.text(), deaths, death -> death.finder() == finder);
    }
    add(table, "**all**", deaths, death -> true);
    table.publish();
  }

  private static void add(
      FaultTable table, String what, List<Death> deaths, Predicate<Death> filter) {
    List<Death> some = deaths.stream().filter(filter).toList();
    table.add(
        what,
        some.size(),
        some.stream().mapToInt(Death::lowered).sum(),
        some.stream().filter(death -> death.leftBehind() == 0).count(),
        some.stream().mapToInt(Death::leftBehind).sum(),
        some.stream().filter(Death::journalDamaged).count(),
        some.stream().filter(Death::ledgerDamaged).count(),
        seconds(some.stream().map(Death::command).toList()),
        seconds(some.stream().map(Death::restore).toList()));
  }

  private static String seconds(List<Duration> all) {
    Duration slowest = all.stream().max(Duration::compareTo).orElse(Duration.ZERO);
    return slowest.isZero() ? "" : String.format(Locale.ROOT, "%.2f s", slowest.toNanos() / 1e9);
  }
}
