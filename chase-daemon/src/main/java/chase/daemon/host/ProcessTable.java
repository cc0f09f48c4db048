package chase.daemon.host;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The processes of this host by proc(5). A process may end between two looks at it; then, as for
 * everything else that cannot be read, there is no answer.
 */
public final class ProcessTable {
  /** Where the kernel shows the processes. */
  public static final Path SYSTEM = Path.of("/proc");

  /** USER_HZ, the unit of times in proc(5): 100 on every architecture that has NVIDIA's driver. */
  private static final int TICKS_A_SECOND = 100;

  /** The number of the first pid namespace (include/linux/proc_ns.h, PROC_PID_INIT_INO). */
  private static final String HOST_PIDS = "pid:[4026531836]";

  /** More than any tree of processes is deep. */
  private static final int MAX_ANCESTORS = 64;

  /**
   * Fields of {@code stat} behind the command, from 0: state (3 in proc(5)), ppid (4), session (6)
   * and starttime (22).
   */
  private static final int STATE = 0;

  private static final int PARENT = 1;
  private static final int SESSION = 3;
  private static final int START = 19;

  private final Path proc;

  /** Processes as {@code proc} shows them. */
  public ProcessTable(Path proc) {
    this.proc = proc;
  }

  /** The process with this id, unless it has ended (a zombie has) or may not be seen. */
  public Optional<HostProcess> find(long pid) {
    Path folder = proc.resolve(Long.toString(pid));
    try {
      Optional<Stat> before = stat(folder);
      if (before.isEmpty()) {
        return Optional.empty();
      }
      Duration start = before.get().start;
      String user = Files.getOwner(folder).getName();
      String command = CommandName.of(arguments(folder)).orElse(before.get().command);
      var found = new HostProcess(pid, user, command, start, bootedAt().plus(start));
      // Another process may have got the id while we looked.
      return stat(folder).map(Stat::start).filter(start::equals).map(same -> found);
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /**
   * Whether a process still runs, and is not another one that got its id; one that has ended runs
   * no longer although its parent has not waited for it yet.
   */
  public boolean runs(ProcessHandle process) {
    try {
      return process.isAlive() && stat(proc.resolve(Long.toString(process.pid()))).isPresent();
    } catch (IOException e) {
      return process.isAlive();
    }
  }

  /**
   * The process and its ancestors, the nearest first; shorter where one has ended or may not be
   * seen, and empty where that is the process itself.
   */
  public List<Ancestor> lineage(long pid) {
    List<Ancestor> found = new ArrayList<>();
    Optional<Ancestor> next = ancestor(pid);
    while (next.isPresent() && found.size() < MAX_ANCESTORS) {
      found.add(next.get());
      next = ancestor(next.get().parent());
    }
    return List.copyOf(found);
  }

  private Optional<Ancestor> ancestor(long pid) {
    Path folder = proc.resolve(Long.toString(pid));
    try {
      Optional<Stat> stat = stat(folder);
      return stat.isEmpty()
          ? Optional.empty()
          : Optional.of(
              new Ancestor(
                  pid, stat.get().parent, stat.get().session, Files.getOwner(folder).getName()));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /**
   * The ids of a process from here to its own pid namespace, where it may have another one, such as
   * {@code 49301, 7} for a process of a container; empty where that is not shown.
   */
  public List<Long> idsOf(long pid) {
    try {
      for (String line : text(proc.resolve(pid + "/status")).split("\n", -1)) {
        if (line.startsWith("NSpid:")) {
          return Stream.of(line.substring("NSpid:".length()).strip().split("\\s+", -1))
              .map(Long::valueOf)
              .toList();
        }
      }
      return List.of();
    } catch (IOException | NumberFormatException e) {
      return List.of();
    }
  }

  /** Which boot of the host this is; process ids begin anew with each. Empty where unknown. */
  public String bootId() {
    try {
      return text(proc.resolve("sys/kernel/random/boot_id")).strip();
    } catch (IOException e) {
      return "";
    }
  }

  /**
   * Whether ids of the host are the ids that we see. In a container they are others, and a GPU's
   * driver may list processes that have another id, or none, here.
   */
  public boolean hasHostIds() {
    try {
      return Files.readSymbolicLink(proc.resolve("self/ns/pid")).toString().equals(HOST_PIDS);
    } catch (IOException | UnsupportedOperationException e) {
      return false;
    }
  }

  private record Stat(String command, long parent, long session, Duration start) {}

  /** The command is in brackets and may hold brackets and spaces itself. */
  private static Optional<Stat> stat(Path folder) throws IOException {
    String text = text(folder.resolve("stat"));
    int open = text.indexOf('(');
    int close = text.lastIndexOf(')');
    if (open < 0 || close < open) {
      return Optional.empty();
    }
    List<String> fields = List.of(text.substring(close + 1).strip().split(" ", -1));
    boolean ended = "ZXx".contains(fields.get(STATE));
    return ended || fields.size() <= START
        ? Optional.empty()
        : Optional.of(
            new Stat(
                text.substring(open + 1, close),
                number(fields.get(PARENT)),
                number(fields.get(SESSION)),
                ticks(fields.get(START))));
  }

  private static Duration ticks(String field) throws IOException {
    return Duration.ofMillis(number(field) * 1000 / TICKS_A_SECOND);
  }

  private static List<String> arguments(Path folder) throws IOException {
    return List.of(text(folder.resolve("cmdline")).split("\0", -1));
  }

  private Instant bootedAt() throws IOException {
    for (String line : text(proc.resolve("stat")).split("\n", -1)) {
      if (line.startsWith("btime ")) {
        return Instant.ofEpochSecond(number(line.substring("btime ".length())));
      }
    }
    throw new IOException(proc + " does not show when the host was booted");
  }

  private static long number(String text) throws IOException {
    try {
      return Long.parseLong(text.strip());
    } catch (NumberFormatException e) {
      throw new IOException(text + " is no number", e);
    }
  }

  /** Commands are bytes in no certain encoding; what is not UTF-8 shows as U+FFFD. */
  private static String text(Path file) throws IOException {
    return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
  }

  /**
   * A process and where it comes from.
   *
   * @param pid its id
   * @param parent the id of the process that it comes from, 0 where there is none
   * @param session the id of its session: of what one terminal or service started
   * @param user the name of its user, or the number where there is no name
   */
  public record Ancestor(long pid, long parent, long session, String user) {}
}
