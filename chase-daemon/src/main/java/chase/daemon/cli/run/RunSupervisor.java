package chase.daemon.cli.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The shell script that waits for the command ({@code supervise.sh}), as one of its steps sees it.
 *
 * @param step what is to be done
 * @param process the command's process, which does not run the command yet when it starts
 * @param record the file in which the steps keep what they know, a line {@code KEY VALUE} for each
 */
public record RunSupervisor(RunStep step, long process, Path record) {
  /** What the script calls for. */
  public enum RunStep {
    /** Before anything else: wait for a clean grid. */
    WAIT,
    /** Before the command begins: register it. */
    START,
    /** While it runs: register it, since that was not possible, or with a new daemon. */
    AGAIN,
    /** It has ended. */
    END
  }

  /** What is recorded. */
  public enum RunKey {
    /** How the wait for a clean grid ended; absent while there is none, or before it has. */
    WAITED,
    /** How many arguments stand before the command; absent where it must not be run. */
    WORDS,
    /** The job's id. */
    JOB,
    /** The daemon's socket: a newer one is another daemon's. */
    SOCKET,
    /** Set while it should be tried again after a while. */
    LATER,
    /** Set where the command is not run because of its options. */
    REFUSED;

    private String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** The step that the environment names; empty where no script called. */
  public static Optional<RunSupervisor> of(Map<String, String> environment) {
    String step = environment.getOrDefault("CHASE_RUN_STEP", "");
    String process = environment.getOrDefault("CHASE_RUN_PROCESS", "");
    String record = environment.getOrDefault("CHASE_RUN_RECORD", "");
    return step.isEmpty() || process.isEmpty() || record.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new RunSupervisor(
                RunStep.valueOf(step.toUpperCase(Locale.ROOT)),
                Long.parseLong(process),
                Path.of(record)));
  }

  /** A key by which every registration of this run is known as the same job. */
  public String key() {
    return record.getFileName() + "." + process;
  }

  /** What is recorded now; nothing before the first step. */
  public Map<RunKey, String> read() throws IOException {
    Map<RunKey, String> known = new LinkedHashMap<>();
    for (String line : Files.exists(record) ? Files.readAllLines(record) : List.<String>of()) {
      int blank = line.indexOf(' ');
      if (blank > 0) {
        known.put(
            RunKey.valueOf(line.substring(0, blank).toUpperCase(Locale.ROOT)),
            line.substring(blank + 1));
      }
    }
    return known;
  }

  /** Records {@code known} in the place of all that was. */
  public void write(Map<RunKey, String> known) throws IOException {
    Files.writeString(
        record,
        known.entrySet().stream()
            .map(entry -> entry.getKey().word() + " " + entry.getValue() + "\n")
            .collect(Collectors.joining()));
  }
}
