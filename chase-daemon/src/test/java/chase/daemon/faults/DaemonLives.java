package chase.daemon.faults;

import chase.daemon.faults.Death.Finder;
import chase.daemon.faults.Death.Moment;
import chase.zeus.fixtures.FakeDriver.Write;
import chase.zeus.unit.Watts;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/** One daemon after the other on one host, each of which is killed. For one thread. */
final class DaemonLives {
  /** What a daemon writes to its state directory until its limits are set, with some to spare. */
  private static final int FILE_CALLS = 110;

  private static final String SET_LIMIT = "nvmlDeviceSetPowerManagementLimit";
  private static final List<String> HOW = List.of("before", "torn", "after");

  private final DyingHost host;
  private final DaemonImage image;
  private final Path deadly;
  private final Random random;
  private final List<Death> deaths = new ArrayList<>();

  /** Killed daemons whose limits the next one is to restore. */
  private final List<Death> open = new ArrayList<>();

  /** What the GPUs had when the last of them died. */
  private List<Watts> atDeath = List.of();

  private int inWrites;
  private long lastPid;

  /** How many milliseconds a start takes until every limit is set. */
  private long untilLowered = 2_000;

  /**
   * No daemon lives yet.
   *
   * @param deadly the library that has a process die in a write
   */
  DaemonLives(DyingHost host, DaemonImage image, Path deadly) {
    this.host = host;
    this.image = image;
    this.deadly = deadly;
    this.random = host.random();
  }

  /** Starts and kills {@code kills} daemons: what came of each. */
  List<Death> kill(int kills) throws Exception {
    measureTheStart();
    for (int i = 0; i < kills; i++) {
      if (open.isEmpty()) {
        host.renew();
      }
      Death death = die();
      inWrites += death.moment() == Moment.RANDOM ? 0 : 1;
      findWhatTheStartRestored();
      atDeath = host.requested();
      boolean last = i == kills - 1;
      open.add(death);
      switch (death.finder()) {
        case COMMAND -> restoreByCommand();
        case HERE -> restoreHere();
        case NEXT_START -> {
          if (last) {
            restoreHere();
          }
        }
      }
    }
    return List.copyOf(deaths);
  }

  /** Half of them in writes, and most of those in files, which take more steps than the driver. */
  private Death die() throws Exception {
    if (inWrites * 2 > deaths.size() + open.size()) {
      return dieAtRandom();
    }
    return inWrites % 4 == 1 ? dieInDriver() : dieInFile();
  }

  private void measureTheStart() throws Exception {
    host.renew();
    long start = System.nanoTime();
    Process daemon = host.daemon(image, Map.of());
    host.awaitLowered();
    untilLowered = Duration.ofNanos(System.nanoTime() - start).toMillis();
    daemon.destroyForcibly().waitFor();
    host.restoreHere();
  }

  private boolean waitFor(Process daemon, long millis) throws InterruptedException {
    return daemon.waitFor(millis, TimeUnit.MILLISECONDS);
  }

  private long upTo(double starts) {
    return random.nextLong(Math.round(untilLowered * starts)) + 1;
  }

  private Death dieAtRandom() throws Exception {
    Process daemon = host.daemon(image, Map.of());
    long millis = upTo(1.6);
    waitFor(daemon, millis);
    if (millis > untilLowered && random.nextBoolean()) {
      host.report();
    }
    daemon.destroyForcibly().waitFor();
    return death(daemon, Moment.RANDOM, "");
  }

  private Death dieInFile() throws Exception {
    Files.deleteIfExists(host.note());
    Process daemon =
        host.daemon(
            image,
            Map.of(
                "LD_PRELOAD", deadly.toString(),
                "DIE_UNDER", host.state().toString(),
                "DIE_AT", Integer.toString(1 + random.nextInt(FILE_CALLS)),
                "DIE_HOW", HOW.get(random.nextInt(HOW.size())),
                "DIE_NOTE", host.note().toString()));
    if (!waitFor(daemon, untilLowered * 3 / 2)) {
      host.report();
      waitFor(daemon, untilLowered / 2);
    }
    daemon.destroyForcibly().waitFor();
    Optional<String> in = host.noted();
    return death(daemon, in.isPresent() ? Moment.FILE_WRITE : Moment.RANDOM, in.orElse(""));
  }

  private Death dieInDriver() throws Exception {
    int gpu = random.nextInt(DyingHost.GPUS);
    long before = calls();
    host.driver().hang(gpu, SET_LIMIT);
    Process daemon = host.daemon(image, Map.of());
    long deadline = System.nanoTime() + Duration.ofMillis(untilLowered * 3).toNanos();
    // Each GPU has been called once by then, and one of these calls has not returned.
    while (calls() - before < DyingHost.GPUS && System.nanoTime() < deadline) {
      waitFor(daemon, 10);
    }
    boolean hung = calls() - before >= DyingHost.GPUS;
    waitFor(daemon, random.nextLong(100) + 1);
    daemon.destroyForcibly().waitFor();
    host.driver().mend();
    return death(daemon, hung ? Moment.DRIVER_WRITE : Moment.RANDOM, "");
  }

  private long calls() {
    return host.driver().calls().getOrDefault(SET_LIMIT, 0L);
  }

  private Death death(Process daemon, Moment moment, String in) throws Exception {
    lastPid = daemon.pid();
    List<Watts> now = host.requested();
    int lowered = 0;
    for (int gpu = 0; gpu < DyingHost.GPUS; gpu++) {
      lowered += now.get(gpu).equals(host.originals().get(gpu)) ? 0 : 1;
    }
    Finder finder =
        switch (random.nextInt(8)) {
          case 0 -> Finder.COMMAND;
          case 1, 2, 3 -> Finder.HERE;
          default -> Finder.NEXT_START;
        };
    return new Death(
        moment,
        in,
        lowered,
        finder,
        0,
        host.journalDamaged(),
        host.ledgerDamaged(),
        Duration.ZERO,
        Duration.ZERO);
  }

  /**
   * A daemon that wrote to a GPU which had a limit of its predecessor's must have restored the
   * original first. One that died earlier leaves that to its successor.
   */
  private void findWhatTheStartRestored() {
    if (open.isEmpty()) {
      return;
    }
    List<Write> writes =
        host.driver().log().stream()
            .filter(write -> write.pid() == lastPid && write.code() == 0)
            .toList();
    int wrong = 0;
    int reached = 0;
    int due = 0;
    for (int gpu = 0; gpu < DyingHost.GPUS; gpu++) {
      int index = gpu;
      Watts original = host.originals().get(gpu);
      if (!atDeath.get(gpu).equals(original)) {
        due++;
        Optional<Write> first = writes.stream().filter(write -> write.gpu() == index).findFirst();
        reached += first.isPresent() ? 1 : 0;
        wrong += first.filter(write -> !write.limit().equals(original)).isPresent() ? 1 : 0;
      }
    }
    if (wrong > 0 || reached == due) {
      close(wrong, Duration.ZERO, Duration.ZERO);
    }
  }

  private void restoreByCommand() throws Exception {
    long start = System.nanoTime();
    boolean all = host.restore(image);
    close(leftBehind(all), Duration.ofNanos(System.nanoTime() - start), Duration.ZERO);
  }

  private void restoreHere() throws Exception {
    long start = System.nanoTime();
    boolean all = host.restoreHere();
    close(leftBehind(all), Duration.ZERO, Duration.ofNanos(System.nanoTime() - start));
  }

  /** A restore that says it failed has left something behind, whatever the GPUs show. */
  private int leftBehind(boolean all) {
    int left = 0;
    for (int gpu = 0; gpu < DyingHost.GPUS; gpu++) {
      left += host.driver().requested(gpu).equals(host.originals().get(gpu)) ? 0 : 1;
    }
    return left == 0 && !all ? 1 : left;
  }

  private void close(int left, Duration command, Duration here) {
    open.forEach(death -> deaths.add(death.restored(left, command, here)));
    open.clear();
  }
}
