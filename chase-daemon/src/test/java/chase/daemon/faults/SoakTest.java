package chase.daemon.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import chase.daemon.faults.SoakedHost.Taken;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.function.ToLongFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A month of the grid in which something goes wrong all the time: the daemon lives, takes no more
 * at the end than at the beginning, has counted what the GPUs used, and leaves nothing behind.
 *
 * <p>The short form is too short for memory to settle, and for the last tenth of a second not to
 * count; its checks are looser.
 */
class SoakTest {
  private static final int SECONDS = FaultTable.count(14, 720);
  private static final long SPEED = 3_600;
  private static final boolean WHOLE = SECONDS > 300;
  private static final double RSS_GROWTH = WHOLE ? 0.05 : 0.5;
  private static final double ENERGY_ERROR = WHOLE ? 0.005 : 0.1;
  private static final int MORE_HANDLES = WHOLE ? 3 : 20;
  private static final Duration LASTING = Duration.ofMillis(700);
  private static final Duration BETWEEN_RELOADS = Duration.ofSeconds(75);
  private static final Duration REST = Duration.ofMillis(700);
  private static final String PRICES =
      "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n{\"total\":1,\"records\":["
          + "{\"TimeUTC\":\"2026-11-30T09:00:00\",\"PriceArea\":\"DK1\","
          + "\"DayAheadPriceEUR\":134.94,\"DayAheadPriceDKK\":1008.6}]}";

  @TempDir Path directory;
  private final Random random = new Random(FaultTable.seed());
  private final List<Taken> taken = new ArrayList<>();
  private final Map<Trouble, Integer> troubles = new EnumMap<>(Trouble.class);
  private long lastReload = System.nanoTime() - BETWEEN_RELOADS.toNanos();

  @Test
  void aMonthOfTroubleLeavesNothingBehind() throws Exception {
    double used;
    double reported;
    List<Double> left;
    int exit;
    try (AnswerServer provider = AnswerServer.start();
        SoakedHost host =
            new SoakedHost(
                directory.resolve("host"),
                DaemonImage.packed(directory),
                SPEED,
                provider.url().toString())) {
      long end = System.nanoTime() + Duration.ofSeconds(SECONDS).toNanos();
      while (System.nanoTime() < end) {
        provider.answerWith(random.nextBoolean() ? new Mutation(random).of(answer()) : answer());
        trouble(host);
        if (!host.isAlive()) {
          throw new AssertionError(troubles + ": " + Files.readString(host.log()));
        }
        taken.add(host.taken());
      }
      host.awaitAnswers();
      used = host.used();
      reported = host.reported();
      exit = host.stop();
      left = host.requested();
      publish(used, reported, left, exit);
      assertThat(Files.readString(host.log())).doesNotContain("a bug in Chase");
    }
    assertThat(left).containsExactly(700.0, 400.0, 250.0);
    assertThat(exit).isEqualTo(143);
    assertThat(reported).isCloseTo(used, within(used * ENERGY_ERROR));
    assertThat(growth(Taken::rssKib)).isLessThan(RSS_GROWTH);
    assertThat(mean(Taken::files, 3) - mean(Taken::files, 1)).isLessThan(MORE_HANDLES);
    assertThat(mean(Taken::threads, 3) - mean(Taken::threads, 1)).isLessThan(MORE_HANDLES);
  }

  private static byte[] answer() {
    return PRICES.getBytes(StandardCharsets.UTF_8);
  }

  private void trouble(SoakedHost host) {
    Trouble trouble = next();
    int gpu = random.nextInt(SoakedHost.GPUS);
    troubles.merge(trouble, 1, Integer::sum);
    if (trouble == Trouble.DRIVER_RELOADED) {
      // What a GPU used that is away as its counter begins anew, nobody can know.
      host.awaitAnswers();
    }
    trouble.begin(host, gpu, random);
    LockSupport.parkNanos(LASTING.toNanos());
    trouble.end(host, gpu);
    LockSupport.parkNanos(REST.toNanos());
  }

  /**
   * Any, but for reloads of the driver, which come at most every 75 s: after those that come closer
   * Chase waits longer and longer, and what a GPU uses between two of them nobody can know.
   */
  private Trouble next() {
    List<Trouble> all = List.of(Trouble.values());
    Trouble drawn = all.get(random.nextInt(all.size()));
    long now = System.nanoTime();
    if (drawn == Trouble.DRIVER_RELOADED && now - lastReload < BETWEEN_RELOADS.toNanos()) {
      return Trouble.CLIENTS_COME_AND_GO;
    }
    lastReload = drawn == Trouble.DRIVER_RELOADED ? now : lastReload;
    return drawn;
  }

  /** Of the samples of a quarter of the time, counted from 0. */
  private double mean(ToLongFunction<Taken> what, int quarter) {
    int size = taken.size();
    return taken.subList(size * quarter / 4, size * (quarter + 1) / 4).stream()
        .mapToLong(what)
        .average()
        .orElseThrow();
  }

  private double growth(ToLongFunction<Taken> what) {
    return mean(what, 3) / mean(what, 1) - 1;
  }

  private void publish(double used, double reported, List<Double> left, int exit) {
    FaultTable table = new FaultTable("soak", "what", "found");
    table.add("days of the grid", String.format(Locale.ROOT, "%.1f", SECONDS * SPEED / 86_400.0));
    table.add("in real time", SECONDS + " s, an hour of the grid in a second");
    troubles.forEach((trouble, count) ->
        table.add(trouble.name().toLowerCase(Locale.ROOT).replace('_', ' '), count + " times"));
    table.add("memory (RSS), second and last quarter", quarters(Taken::rssKib, 1024) + " MB");
    table.add("open files, second and last quarter", quarters(Taken::files, 1));
    table.add("threads, second and last quarter", quarters(Taken::threads, 1));
    table.add(
        "energy: the GPUs' own, the ledger's",
        String.format(
            Locale.ROOT, "%.0f J, %.0f J (%+.2f %%)", used, reported, 100 * (reported / used - 1)));
    table.add("limits after SIGTERM", left + ", exit code " + exit);
    table.publish();
  }

  private String quarters(ToLongFunction<Taken> what, double unit) {
    return String.format(Locale.ROOT, "%.1f, %.1f", mean(what, 1) / unit, mean(what, 3) / unit);
  }
}
