package chase.daemon.faults;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import chase.daemon.faults.DriverCell.Outcome;
import chase.daemon.faults.DriverFault.CodeGroup;
import chase.zeus.fixtures.FakeDriver;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every call that Chase makes of NVML fails with every code, and hangs, as the daemon starts, runs
 * and stops. What Chase then does is stated in {@code driver-reactions.txt}; besides, in each case
 * the other GPU goes on, everything recovers once the call works again, and no limit is left
 * behind.
 */
class DriverErrorsTest {
  private static final int LANES = FaultTable.count(12, 16);
  private static final List<String> FLAVOURS = List.of("", "FAKE_NVML_OLD", "FAKE_NVML_V2");
  private static final Logger CHASE = Logger.getLogger("chase");

  /** When the fault is there. */
  private enum Phase {
    START("starts"),
    RUN("runs"),
    STOP("stops");

    private final String word;

    Phase(String word) {
      this.word = word;
    }

    DriverReaction reaction(Outcome outcome) {
      return switch (this) {
        case START -> outcome.start();
        case RUN -> outcome.run();
        case STOP -> outcome.stop();
      };
    }
  }

  @TempDir Path folder;
  private final Map<DriverFault, Outcome> outcomes = new ConcurrentHashMap<>();

  @Test
  void everyErrorOfEveryCallHasItsReaction() throws Exception {
    Level before = CHASE.getLevel();
    CHASE.setLevel(Level.OFF);
    try {
      run();
    } finally {
      CHASE.setLevel(before);
    }
    publish();
    assertThat(outcomes.values().stream().flatMap(outcome -> outcome.violations().stream()))
        .isEmpty();
    assertThat(differences()).isEmpty();
  }

  private List<DriverFault> faults() {
    List<DriverFault> all = new ArrayList<>(DriverFault.all());
    String only = System.getProperty("chase.fault", "");
    all.removeIf(fault -> !fault.toString().contains(only));
    Collections.shuffle(all, new Random(FaultTable.seed()));
    return all.subList(0, Math.min(all.size(), FaultTable.count(16, all.size())));
  }

  private void run() throws Exception {
    Map<String, FakeDriver> built = new TreeMap<>();
    for (String flavour : FLAVOURS) {
      String[] macros = flavour.isEmpty() ? new String[0] : new String[] {flavour};
      built.put(flavour, FakeDriver.build(folder.resolve("built" + flavour), macros));
    }
    Queue<DriverFault> left = new ConcurrentLinkedQueue<>(faults());
    List<CompletableFuture<Void>> lanes =
        IntStream.range(0, LANES).mapToObj(lane -> lane(lane, built, left)).toList();
    CompletableFuture.allOf(lanes.toArray(CompletableFuture[]::new)).get();
  }

  private CompletableFuture<Void> lane(
      int number, Map<String, FakeDriver> built, Queue<DriverFault> left) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    Thread.ofPlatform()
        .daemon()
        .start(() -> {
          Map<String, FakeDriver> own = new TreeMap<>();
          built.forEach((flavour, driver) ->
              own.put(flavour, driver.copyTo(folder.resolve("lane" + number + flavour))));
          for (DriverFault fault = left.poll(); fault != null; fault = left.poll()) {
            outcomes.put(fault, outcome(fault, own));
          }
          done.complete(null);
        });
    return done;
  }

  private Outcome outcome(DriverFault fault, Map<String, FakeDriver> drivers) {
    FakeDriver driver = Objects.requireNonNull(drivers.get(fault.flavour()));
    try {
      Path directory = Files.createTempDirectory(folder, "cell");
      return new DriverCell(driver, fault, directory).live();
    } catch (Exception | AssertionError e) {
      return DriverCell.broken(fault, e);
    }
  }

  /** Where Chase does otherwise than stated. */
  private List<String> differences() throws Exception {
    Map<String, String> stated = stated();
    return outcomes.entrySet().stream()
        .flatMap(entry -> Stream.of(Phase.values()).map(phase -> difference(entry, phase, stated)))
        .filter(line -> !line.isEmpty())
        .sorted()
        .toList();
  }

  private static String difference(
      Map.Entry<DriverFault, Outcome> entry, Phase phase, Map<String, String> stated) {
    DriverFault fault = entry.getKey();
    String found = phase.reaction(entry.getValue()).name();
    String expected =
        stated.getOrDefault(
            fault.call() + " " + phase.word + " " + fault.group(), "nothing stated");
    return List.of(expected.split("\\|", -1)).contains(found)
        ? ""
        : "%s as Chase %s: %s, stated: %s".formatted(fault, phase.word, found, expected);
  }

  /** Lines such as {@code nvmlInit_v2 starts: a b c d e f}, a reaction for each group of codes. */
  private static Map<String, String> stated() throws Exception {
    Map<String, String> reactions = new TreeMap<>();
    Path file = Path.of("src/test/resources/faults/driver-reactions.txt");
    for (String line : Files.readAllLines(file)) {
      if (!line.isBlank() && !line.startsWith("#")) {
        String[] halves = line.split(": +", 2);
        String[] words = halves[1].trim().split(" +", -1);
        CodeGroup[] groups = CodeGroup.values();
        for (int i = 0; i < groups.length; i++) {
          reactions.put(halves[0] + " " + groups[i], words[i]);
        }
      }
    }
    return reactions;
  }

  /** Calls with the same reactions share a row. */
  private void publish() {
    List<String> columns = new ArrayList<>(List.of("call", "as Chase"));
    Arrays.stream(CodeGroup.values()).map(CodeGroup::title).forEach(columns::add);
    FaultTable table = new FaultTable("driver", columns.toArray(String[]::new));
    Map<List<String>, TreeSet<String>> rows = new LinkedHashMap<>();
    for (Phase phase : Phase.values()) {
      new TreeSet<>(outcomes.keySet().stream().map(DriverFault::call).toList())
          .forEach(call ->
              rows.computeIfAbsent(row(call, phase), r -> new TreeSet<>()).add("`" + call + "`"));
    }
    rows.forEach((row, calls) -> {
      List<Object> cells = new ArrayList<>(List.of(String.join(", ", calls)));
      cells.addAll(row);
      if (row.stream().skip(1).anyMatch(cell -> !cell.equals("-") && !cell.isEmpty())) {
        table.add(cells.toArray());
      }
    });
    table.publish();
  }

  private List<String> row(String call, Phase phase) {
    List<String> row = new ArrayList<>(List.of(phase.word));
    for (CodeGroup group : CodeGroup.values()) {
      row.add(reactions(call, phase, group));
    }
    return row;
  }

  private String reactions(String call, Phase phase, CodeGroup group) {
    return outcomes.entrySet().stream()
        .filter(entry -> entry.getKey().call().equals(call) && entry.getKey().group().equals(group))
        .map(entry -> phase.reaction(entry.getValue()))
        .sorted()
        .distinct()
        .map(DriverReaction::toString)
        .collect(joining("|"));
  }
}
