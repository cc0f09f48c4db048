package chase.daemon.doctor;

import chase.daemon.api.CheckBody;
import chase.daemon.config.ChaseConfig;
import chase.daemon.config.ConfigException;
import chase.daemon.config.GpuConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Programs on this host that set limits or clocks of GPUs as well, by the names of their processes
 * and in the files of units and cron. A program that acts through the BMC does not show here.
 *
 * @param processes the kernel's processes, {@code /proc}
 * @param schedules files and directories that hold commands which the host runs by itself
 */
record RivalChecks(Path processes, List<Path> schedules) {
  static final RivalChecks SYSTEM =
      new RivalChecks(
          Path.of("/proc"),
          Stream.of(
                  "/etc/systemd/system",
                  "/run/systemd/system",
                  "/usr/lib/systemd/system",
                  "/etc/cron.d",
                  "/etc/crontab",
                  "/etc/rc.local")
              .map(Path::of)
              .toList());

  private static final String RIVALS = "rivals";
  private static final Pattern PID = Pattern.compile("[0-9]+");

  /** Larger ones are no units. */
  private static final long MAX_BYTES = 64 << 10;

  /** Power limits, locked clocks, application clocks. */
  private static final Pattern SETS =
      Pattern.compile(
          "nvidia-smi\\b[^\\n]*\\s(-pl|--power-limit|-lgc|--lock-gpu-clocks|-ac"
              + "|--applications-clocks)\\b");

  private static final List<Rival> KNOWN =
      List.of(
          new Rival(
              program("nv-hostengine"),
              "DCGM runs: a power limit in its configuration comes back after resets",
              "see dcgmi config --get, and leave the power limit unset there"),
          new Rival(
              program("nvidia-powerd"),
              "nvidia-powerd shifts power between CPU and GPU, and owns the limit",
              "sudo systemctl disable --now nvidia-powerd"),
          new Rival(
              word("power[_-]agent"),
              "NVIDIA Dynamo's power agent sets limits of pods, and at its end the default",
              "remove dynamo.nvidia.com/gpu-power-limit from pods, or set mode: observe"),
          new Rival(
              program("zeusd"),
              "Zeus's own daemon sets what its clients want",
              "stop it: Chase answers its clients on its socket (docs/zeus.md)"),
          new Rival(
              program("lact|lactd|eard|geopmd|ecofreq|joulie.*").or(word("ecofreq\\.py")),
              "a program that sets power limits runs",
              "let only one of the two set limits: stop it, or set mode: observe"),
          new Rival(
              program("slurmd"),
              "Slurm runs: a prolog or epilog script may set limits",
              "look for nvidia-smi in its Prolog and Epilog"));

  /** How a rival is known, what it does, and what helps. */
  private record Rival(Predicate<List<String>> command, String effect, String remedy) {}

  private static Predicate<List<String>> program(String name) {
    Pattern whole = Pattern.compile(name);
    return command -> whole.matcher(fileName(command.getFirst())).matches();
  }

  private static Predicate<List<String>> word(String part) {
    Pattern within = Pattern.compile("(^|[/_.-])" + part + "($|[/_.-])");
    return command -> command.stream().limit(4).anyMatch(word -> within.matcher(word).find());
  }

  private static String fileName(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  /** A process that runs. */
  private record Running(long pid, List<String> command) {}

  /**
   * All that are found, or one line that none is.
   *
   * @param daemon the daemon that is meant to run, so that it is not its own rival
   */
  List<CheckBody> all(Optional<Long> daemon) {
    List<Running> running = running();
    List<CheckBody> checks = new ArrayList<>();
    for (Rival rival : KNOWN) {
      running.stream()
          .filter(process -> rival.command.test(process.command))
          .findFirst()
          .ifPresent(process -> checks.add(found(process, rival)));
    }
    List<Long> daemons =
        running.stream()
            .filter(process -> isDaemon(process.command) && !isSimulated(process))
            .map(Running::pid)
            .filter(pid -> !daemon.equals(Optional.of(pid)))
            .toList();
    if (!daemons.isEmpty()) {
      checks.add(others(daemons, daemon.isPresent()));
    }
    checks.addAll(scheduled());
    if (checks.isEmpty()) {
      checks.add(CheckBody.ok(RIVALS, "nothing else here is known to set limits or clocks"));
    }
    running.stream()
        .filter(process -> program("nvidia-persistenced").test(process.command))
        .findFirst()
        .ifPresent(process ->
            checks.add(
                CheckBody.ok(
                    RIVALS, "nvidia-persistenced keeps the driver loaded; it sets no limit")));
    return checks;
  }

  private static CheckBody found(Running process, Rival rival) {
    return CheckBody.warning(
            RIVALS,
            String.format(
                Locale.ROOT,
                "%s (%s, process %d)",
                rival.effect,
                fileName(process.command.getFirst()),
                process.pid))
        .withRemedy(rival.remedy);
  }

  private static CheckBody others(List<Long> daemons, boolean oneIsKnown) {
    String processes = daemons.stream().map(String::valueOf).collect(Collectors.joining(", "));
    return oneIsKnown
        ? CheckBody.warning(
                RIVALS,
                daemons.size() == 1
                    ? "another Chase daemon runs here (process " + processes + ")"
                    : "other Chase daemons run here (processes " + processes + ")")
            .withRemedy("let only one of them set limits")
        : CheckBody.note(
                RIVALS, "Chase runs (process " + processes + "), and has not answered here")
            .withRemedy("name its --socket or --config");
  }

  /** A demo has simulated GPUs, and is nobody's rival. */
  private static boolean isDaemon(List<String> command) {
    int main = command.indexOf("chase.daemon.Main");
    return main >= 0 && main + 1 < command.size() && command.get(main + 1).equals("daemon");
  }

  /** As far as its configuration can be read. */
  private boolean isSimulated(Running process) {
    int option = process.command.indexOf("--config");
    if (option < 0 || option + 1 >= process.command.size()) {
      return false;
    }
    Path named = Path.of(process.command.get(option + 1));
    Path directory = processes.resolve(Long.toString(process.pid)).resolve("cwd");
    try {
      Path file = named.isAbsolute() ? named : directory.toRealPath().resolve(named);
      return ChaseConfig.load(file, Map.of()).gpu().backend() == GpuConfig.Backend.SIMULATED;
    } catch (ConfigException | IOException e) {
      return false;
    }
  }

  private List<Running> running() {
    try (Stream<Path> folders = Files.list(processes)) {
      return folders
          .filter(folder -> PID.matcher(fileName(folder.toString())).matches())
          .map(RivalChecks::process)
          .flatMap(Optional::stream)
          .toList();
    } catch (IOException | UncheckedIOException e) {
      return List.of();
    }
  }

  private static Optional<Running> process(Path folder) {
    try {
      String text = Files.readString(folder.resolve("cmdline"), StandardCharsets.ISO_8859_1);
      return text.isBlank()
          ? Optional.empty()
          : Optional.of(
              new Running(
                  Long.parseLong(fileName(folder.toString())), List.of(text.split("\0", -1))));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private List<CheckBody> scheduled() {
    return schedules.stream()
        .flatMap(RivalChecks::files)
        .filter(RivalChecks::setsLimits)
        .map(file ->
            CheckBody.warning(RIVALS, file + " sets limits or clocks by nvidia-smi")
                .withRemedy("disable it: what it sets counts as an external process's"))
        .toList();
  }

  private static Stream<Path> files(Path place) {
    try (Stream<Path> entries = Files.isDirectory(place) ? Files.list(place) : Stream.of(place)) {
      return entries.filter(Files::isRegularFile).sorted().toList().stream();
    } catch (IOException | UncheckedIOException e) {
      return Stream.empty();
    }
  }

  private static boolean setsLimits(Path file) {
    try {
      return Files.size(file) <= MAX_BYTES
          && Files.readString(file, StandardCharsets.ISO_8859_1)
              .lines()
              .filter(line -> !line.strip().startsWith("#"))
              .anyMatch(line -> SETS.matcher(line).find());
    } catch (IOException e) {
      return false;
    }
  }
}
