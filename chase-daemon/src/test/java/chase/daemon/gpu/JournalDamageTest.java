package chase.daemon.gpu;

import static org.assertj.core.api.Assertions.assertThat;

import chase.daemon.fixtures.FakeGpu;
import chase.daemon.fixtures.FakeGpus;
import chase.daemon.fixtures.FileDamage;
import chase.daemon.gpu.journal.GpuJournals;
import chase.daemon.gpu.journal.StatePaths;
import chase.zeus.engine.Order;
import chase.zeus.gpu.GpuSettings;
import chase.zeus.unit.Watts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills a daemon at a random moment, damages what it left, and starts again: no GPU ever gets a
 * wrong limit, and none keeps a lowered one while all is called well.
 */
class JournalDamageTest {
  private static final int LIVES = 6;
  private static final int DAMAGES = 40;
  private static final long SEED = Long.getLong("chase.seed", System.nanoTime());
  private static final GpuSettings.ClockRange RANGE = new GpuSettings.ClockRange(300, 900);
  private static final List<String> JOURNALS = List.of("limits", "knobs");

  @TempDir Path directory;
  private final List<FakeGpu> gpus = List.of(new FakeGpu(0), new FakeGpu(1), new FakeGpu(2));
  private final List<Watts> originals = List.of(new Watts(400), new Watts(350), new Watts(300));
  private final List<Watts> atDeath = new ArrayList<>();
  private final List<Boolean> lockedAtDeath = new ArrayList<>();
  private static final List<FileDamage> KINDS = List.of(FileDamage.values());

  private final Map<Path, byte[]> left = new HashMap<>();

  /** What each file held before, the oldest first. */
  private final Map<Path, List<byte[]>> generations = new HashMap<>();

  private StatePaths places = StatePaths.of(Path.of(""));

  @BeforeEach
  void printTheSeed() {
    System.out.println("JournalDamageTest: -Dchase.seed=" + SEED);
  }

  private Random random(int life) {
    return new Random(SEED + life);
  }

  private void prepare(int life, boolean second) throws Exception {
    Path state = Files.createDirectories(directory.resolve("life-" + life));
    places =
        second
            ? new StatePaths(state, Optional.of(directory.resolve(life + ".sock")))
            : StatePaths.of(state);
    atDeath.clear();
    lockedAtDeath.clear();
    left.clear();
    generations.clear();
    for (int i = 0; i < gpus.size(); i++) {
      gpus.get(i).externalWrite(originals.get(i));
      gpus.get(i).changedSettings().unlockClocks(GpuSettings.ClockDomain.GPU);
    }
  }

  /** Lowers limits and locks clocks, and dies at a random moment of a change. */
  private void live(Random random) throws Exception {
    GpuJournals journals = GpuJournals.open(places, InstantSource.system());
    for (int change = 0; change < 4 + random.nextInt(6); change++) {
      change(journals, random.nextInt(gpus.size()), random);
      for (Path file : files()) {
        generations.computeIfAbsent(file, none -> new ArrayList<>()).add(Files.readAllBytes(file));
      }
    }
    for (FakeGpu gpu : gpus) {
      atDeath.add(gpu.requested());
      lockedAtDeath.add(gpu.changedSettings().locked(GpuSettings.ClockDomain.GPU).isPresent());
    }
    for (Path file : files()) {
      left.put(file, Files.readAllBytes(file));
    }
  }

  private void change(GpuJournals journals, int at, Random random) throws Exception {
    FakeGpu gpu = gpus.get(at);
    Watts original = originals.get(at);
    GpuOperations operations =
        new GpuOperations(gpu, Optional.of(journals), Optional.empty(), InstantSource.system());
    Watts limit = new Watts(100 + random.nextInt(200));
    switch (random.nextInt(5)) {
      case 0 -> journals.limits().intend(gpu.traits().id(), "Fake GPU", original, limit);
      case 1 -> {
        journals.limits().intend(gpu.traits().id(), "Fake GPU", original, limit);
        gpu.limitPower(limit);
      }
      case 2 ->
          operations.change(
              new SettingChange.LockClocks(GpuSettings.ClockDomain.GPU, RANGE), () -> {});
      default ->
          operations.carryOut(
              new Order(gpu.traits().id(), limit, gpu.requested(), original), () -> {});
    }
  }

  private List<Path> files() {
    return JOURNALS.stream().flatMap(this::files).toList();
  }

  private Stream<Path> files(String journal) {
    return Stream.concat(places.files(journal).stream(), places.runtimeCopy(journal).stream());
  }

  /** Everything as it was when the daemon died. */
  private void resetToDeath() throws Exception {
    for (Map.Entry<Path, byte[]> file : left.entrySet()) {
      Files.write(file.getKey(), file.getValue());
    }
    for (int i = 0; i < gpus.size(); i++) {
      gpus.get(i).externalWrite(atDeath.get(i));
      if (lockedAtDeath.get(i)) {
        gpus.get(i).changedSettings().lockClocks(GpuSettings.ClockDomain.GPU, RANGE);
      }
    }
  }

  private List<RestoreOutcome> restart() throws Exception {
    GpuJournals journals = GpuJournals.open(places, InstantSource.system());
    return new Restorer(journals, () -> new FakeGpus(gpus), Duration.ofSeconds(20))
        .restore(Set.of());
  }

  private void assertAllBack(String what, List<RestoreOutcome> outcomes) {
    assertThat(Restorer.allDone(outcomes)).as("%s: %s", what, outcomes).isTrue();
    for (int i = 0; i < gpus.size(); i++) {
      assertThat(gpus.get(i).requested()).as("%s: %s", what, outcomes).isEqualTo(originals.get(i));
      assertThat(gpus.get(i).changedSettings().locked(GpuSettings.ClockDomain.GPU))
          .as(what)
          .isEmpty();
    }
  }

  private byte[] contents(Path file) {
    return Objects.requireNonNull(left.get(file));
  }

  /** Some damage to one file, some of which only a person can do. */
  private String damage(Path file, Random random) throws IOException {
    List<byte[]> earlier = generations.getOrDefault(file, List.of());
    int kind = random.nextInt(KINDS.size() + 3);
    switch (kind - KINDS.size()) {
      case 0 -> Files.delete(file);
      case 1 -> Files.write(file, earlier.get(random.nextInt(earlier.size())));
      case 2 -> {
        Path other = files().get(random.nextInt(files().size()));
        Files.write(file, contents(other));
      }
      default -> Files.write(file, KINDS.get(kind).of(contents(file), random));
    }
    return kind + " of " + file.getFileName();
  }

  @Test
  void damageToOneFilePreventsNoRestore() throws Exception {
    for (int life = 0; life < LIVES; life++) {
      Random random = random(life);
      prepare(life, random.nextBoolean());
      live(random);
      for (int i = 0; i < DAMAGES; i++) {
        resetToDeath();
        Path file = files().get(random.nextInt(files().size()));
        assertAllBack(
            String.format(Locale.ROOT, "life %d, damage %s", life, damage(file, random)),
            restart());
      }
    }
  }

  @Test
  void theCopyBesideTheSocketReplacesTheWholeStateDirectory() throws Exception {
    for (int life = 0; life < LIVES; life++) {
      Random random = random(life);
      prepare(life, true);
      live(random);
      for (int i = 0; i < DAMAGES / 2; i++) {
        resetToDeath();
        String what = "life " + life;
        for (String journal : JOURNALS) {
          for (Path file : places.files(journal)) {
            what += ", " + damage(file, random);
          }
        }
        assertAllBack(what, restart());
      }
    }
  }

  @Test
  void damageToEveryFileSetsNoWrongLimitAndIsReported() throws Exception {
    for (int life = 0; life < LIVES; life++) {
      Random random = random(life);
      prepare(life, random.nextBoolean());
      live(random);
      for (int i = 0; i < DAMAGES; i++) {
        resetToDeath();
        String what = "life " + life;
        for (Path file : files()) {
          FileDamage damage = KINDS.get(random.nextInt(KINDS.size()));
          Files.write(file, damage.of(contents(file), random));
          what += ", " + damage + " of " + file.getFileName();
        }
        List<RestoreOutcome> outcomes = restart();
        for (int gpu = 0; gpu < gpus.size(); gpu++) {
          Watts limit = gpus.get(gpu).requested();
          assertThat(limit).as(what).isIn(originals.get(gpu), atDeath.get(gpu));
          boolean back = limit.equals(originals.get(gpu));
          assertThat(back || !Restorer.allDone(outcomes)).as("%s: %s", what, outcomes).isTrue();
        }
      }
    }
  }

  @Test
  void aWriteTornAtAnyBytePreventsNoRestore() throws Exception {
    prepare(0, false);
    live(random(0));
    Path main = places.files("limits").getFirst();
    Path fresh = main.resolveSibling("limits.json.new");
    GpuJournals journals = GpuJournals.open(places, InstantSource.system());
    FakeGpu gpu = gpus.getFirst();
    journals.limits().intend(gpu.traits().id(), "Fake GPU", originals.getFirst(), new Watts(222));
    byte[] next = Files.readAllBytes(main);
    for (int bytes = 0; bytes < next.length; bytes++) {
      resetToDeath();
      Files.write(fresh, Arrays.copyOf(next, bytes));
      Files.write(main, Arrays.copyOf(next, bytes));
      assertAllBack(bytes + " bytes", restart());
    }
  }
}
