package chase.daemon.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Everything that Chase reads, spoiled in every way: it is taken or refused with a line that names
 * it, at once and without much memory; what was kept there is set aside.
 */
class FuzzedInputsTest {
  private static final int MAX_LINE = 1_000;
  private static final double MAX_SECONDS = 3;
  private static final double MEBIBYTES = 64;

  /** One after the other: mostly what an exception takes for each wrong line, if it is a byte. */
  private static final double BYTES_PER_BYTE = 4096;

  private static final int MAX_SHOWN = 400;

  private static final Path IN_MEMORY = Path.of("/dev/shm");
  private static final String ORIGINAL = "the original";

  private final ThreadMXBean thread = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private Path directory = Path.of("");
  private final List<String> faults = new ArrayList<>();
  private final List<String> unreadable = new ArrayList<>();
  private final Logger log = Logger.getLogger("chase");

  /** What is logged meanwhile must be readable as well, and need not be read. */
  private final Handler checked =
      new Handler() {
        @Override
        public void publish(LogRecord line) {
          try {
            requireReadable(String.valueOf(line.getMessage()), "");
          } catch (AssertionError e) {
            unreadable.add("logged: " + e.getMessage());
          }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
      };

  @BeforeEach
  void listen() throws IOException {
    // What is synced to a real disk ten thousand times wears it.
    directory =
        Files.isWritable(IN_MEMORY)
            ? Files.createTempDirectory(IN_MEMORY, "chase-inputs-")
            : Files.createTempDirectory("chase-inputs-");
    log.setUseParentHandlers(false);
    log.addHandler(checked);
  }

  @AfterEach
  void listenNoMore() throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
    log.removeHandler(checked);
    log.setUseParentHandlers(true);
  }

  @Test
  void whateverIsReadIsTakenOrRefusedByName() throws Exception {
    List<FuzzedInput> inputs = new ArrayList<>();
    inputs.add(new ConfigInput(directory));
    inputs.addAll(CsvInput.all(directory));
    inputs.addAll(StateInput.all(directory));
    try (AnswerServer server = AnswerServer.start()) {
      inputs.addAll(AnswerInput.all(server));
      FaultTable table =
          new FaultTable(
              "inputs", "read", "tried", "taken", "refused", "slowest", "most memory", "faults");
      int shares = inputs.stream().mapToInt(FuzzedInput::share).sum();
      int each = Math.ceilDiv(FaultTable.count(3_000, 50_000), shares);
      for (FuzzedInput input : inputs) {
        new Tries(input).run(each * input.share(), table);
      }
      table.publish();
    }
    assertThat(faults).as("seed %d", FaultTable.seed()).isEmpty();
  }

  /** Refuses a message that is not one readable line which names {@code offender}. */
  static void requireReadable(String message, String offender) {
    boolean readable =
        message.length() <= MAX_LINE
            && message.contains(offender)
            && message.codePoints().noneMatch(FuzzedInputsTest::isUnprintable);
    if (!readable) {
      throw new AssertionError("no readable line that names " + offender + ": " + shown(message));
    }
  }

  /** What ends a line, moves the cursor or turns the direction of reading. */
  private static boolean isUnprintable(int character) {
    return switch (Character.getType(character)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE ->
          true;
      default -> false;
    };
  }

  static String shown(String text) {
    StringBuilder shown = new StringBuilder();
    text.chars()
        .limit(MAX_SHOWN)
        .forEach(c -> {
          if (c >= ' ' && c <= '~') {
            shown.append((char) c);
          } else {
            shown.append(String.format(Locale.ROOT, "\\u%04x", c));
          }
        });
    return shown + (text.length() > MAX_SHOWN ? "... of " + text.length() : "");
  }

  /** What came of all tries of one kind. */
  private final class Tries {
    private final FuzzedInput input;
    private int taken;
    private int refused;
    private double slowest;
    private double mostMebibytes;
    private int wrong;

    Tries(FuzzedInput input) {
      this.input = input;
    }

    void run(int count, FaultTable table) {
      List<byte[]> originals = input.originals();
      for (byte[] original : originals) {
        one(ORIGINAL, original);
      }
      for (int i = 0; i < count; i++) {
        RandomGenerator random = new SplittableRandom(FaultTable.seed() * 1_000_003 + i);
        byte[] original = originals.get(random.nextInt(originals.size()));
        one("case " + i, new Mutation(random).of(original));
      }
      table.add(
          input.name(),
          count,
          taken,
          refused,
          String.format(Locale.ROOT, "%.0f ms", slowest * 1e3),
          String.format(Locale.ROOT, "%.0f MB", mostMebibytes),
          wrong);
    }

    private void one(String which, byte[] text) {
      long allocated = thread.getCurrentThreadAllocatedBytes();
      long time = thread.getCurrentThreadCpuTime();
      try {
        unreadable.clear();
        Optional<String> refusal = input.read(text);
        unreadable.forEach(line -> fault(which, text, line));
        refusal.ifPresent(line -> requireReadable(line, input.offender()));
        if (refusal.isPresent() && which.equals(ORIGINAL)) {
          throw new AssertionError("refused: " + refusal.get());
        }
        if (refusal.isPresent()) {
          refused++;
        } else {
          taken++;
        }
      } catch (Exception | AssertionError | StackOverflowError fault) {
        fault(which, text, String.valueOf(fault));
      }
      double seconds = (thread.getCurrentThreadCpuTime() - time) / 1e9;
      double mebibytes = (thread.getCurrentThreadAllocatedBytes() - allocated) / 1048576.0;
      if (seconds > MAX_SECONDS
          || mebibytes > MEBIBYTES + BYTES_PER_BYTE * text.length / 1048576.0) {
        fault(which, text, String.format(Locale.ROOT, "%.1f s, %.0f MiB", seconds, mebibytes));
      }
      slowest = Math.max(slowest, seconds);
      mostMebibytes = Math.max(mostMebibytes, mebibytes);
    }

    private void fault(String which, byte[] text, String what) {
      wrong++;
      if (wrong <= 5) {
        faults.add(
            "%s, %s of seed %d: %s%n  <- %s"
                .formatted(
                    input.name(),
                    which,
                    FaultTable.seed(),
                    shown(what),
                    shown(new String(text, StandardCharsets.UTF_8))));
      }
    }
  }
}
