package chase.zeus.gpu.nvml;

import chase.zeus.fixtures.OpenedGpus;
import chase.zeus.gpu.Gpu;
import chase.zeus.gpu.GpuException;
import chase.zeus.gpu.GpuProcess;
import com.sun.jna.Function;
import com.sun.jna.Memory;
import com.sun.jna.NativeLibrary;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What {@code bench/card.sh} runs: everything that Chase relies on, seen on a real card. It reads
 * only; the one GPU that it looks at closely is the driver's first.
 *
 * @param library the driver's library; empty for the system's
 * @param launcher {@code chase}, for the daemon; empty: without one
 * @param load whether a load runs meanwhile, where the GPU is free
 * @param stretch how long each stretch of time is
 */
record CardCheck(Optional<Path> library, Optional<Path> launcher, boolean load, Duration stretch) {
  private static final Duration FULL = Duration.ofSeconds(30);
  private static final Duration BRIEF = Duration.ofSeconds(2);

  /**
   * {@code [--brief] [--no-load] [LAUNCHER]}; the library is the property {@code chase.nvml}. Ends
   * with 1 where the card is not as Chase expects it.
   */
  public static void main(String[] arguments) throws Exception {
    List<String> words = List.of(arguments);
    CardCheck check =
        new CardCheck(
            RealNvmlGpuTest.library(),
            words.stream().filter(word -> !word.startsWith("--")).findFirst().map(Path::of),
            !words.contains("--no-load"),
            words.contains("--brief") ? BRIEF : FULL);
    try {
      CardReport report = check.run();
      System.out.println(report.markdown());
      System.exit(report.faults() == 0 ? 0 : 1);
    } catch (GpuException e) {
      System.err.println("card.sh: " + e.getMessage());
      System.exit(1);
    }
  }

  CardReport run() throws GpuException, IOException {
    try (OpenedGpus gpus = OpenedGpus.open(library)) {
      if (gpus.all().isEmpty()) {
        throw new GpuException(
            GpuException.Kind.REFUSED, "no GPU opens: " + String.join("; ", gpus.unopened()));
      }
      NvmlDriver driver = NvmlDriver.open(library);
      try {
        return run(gpus.all(), driver);
      } finally {
        driver.close();
      }
    }
  }

  private CardReport run(List<Gpu> gpus, NvmlDriver driver) throws GpuException, IOException {
    Gpu gpu = gpus.getFirst();
    CardReport report =
        new CardReport(
            gpu.traits().model(), driver.version(), LocalDate.now(ZoneOffset.UTC).toString());
    List<String> before = settings(gpus);
    versions(gpus, report);
    progress("contract");
    CardContract.run().addTo(report);
    progress("structures");
    StructSizes sizes = new StructSizes();
    sizes.measureAll(driver, driver.handle(gpu.traits().index()));
    sizes.addTo(report);
    progress("cost of each call");
    CallCosts costs = new CallCosts();
    // Opened anew: counters that are read faster than they are refreshed are given up.
    try (OpenedGpus own = OpenedGpus.open(library)) {
      costs.measureAll(driver, gpu.traits().index(), own.all().getFirst());
    }
    costs.addTo(report);
    progress("energy");
    List<GpuProcess> others = processes(gpu);
    PowerTrace first = PowerTrace.over(others.isEmpty() ? "idle" : "in use", gpu, stretch);
    PowerTrace.head(report);
    first.addTo(report);
    underLoad(gpu, others, report);
    List<String> after = settings(gpus);
    report.section("Settings before and after");
    before.forEach(line -> report.line("- %s", line));
    if (after.equals(before)) {
      report.line("\nThe same afterwards.");
      report.phrase("settings as before");
    } else {
      report.line("\nAfterwards: %s", String.join("; ", after));
      report.fault("settings changed meanwhile");
    }
    return report;
  }

  private void versions(List<Gpu> gpus, CardReport report) {
    NativeLibrary symbols =
        NativeLibrary.getInstance(library.map(Path::toString).orElse("libnvidia-ml.so.1"));
    report.section("Versions");
    report.line(
        "Driver %s, NVML %s, kernel %s; %d GPUs: %s.",
        gpus.getFirst().traits().driverVersion(),
        nvmlVersion(symbols),
        System.getProperty("os.version"),
        gpus.size(),
        String.join(", ", gpus.stream().map(gpu -> gpu.traits().model()).toList()));
    List<String> missing =
        Arrays.stream(NvmlLibrary.class.getMethods())
            .map(Method::getName)
            .filter(name -> !exports(symbols, name))
            .sorted()
            .toList();
    report.line(
        "Functions that the library lacks: %s.",
        missing.isEmpty() ? "none" : String.join(", ", missing));
  }

  private static String nvmlVersion(NativeLibrary symbols) {
    Memory text = new Memory(96);
    text.clear();
    try {
      Function version = symbols.getFunction("nvmlSystemGetNVMLVersion");
      return version.invokeInt(new Object[] {text, 96}) == NvmlReturn.SUCCESS
          ? text.getString(0)
          : "unknown";
    } catch (UnsatisfiedLinkError missing) {
      return "unknown";
    }
  }

  private static boolean exports(NativeLibrary symbols, String name) {
    try {
      symbols.getFunction(name);
      return true;
    } catch (UnsatisfiedLinkError missing) {
      return false;
    }
  }

  /** Everything that Chase could set, of every GPU. */
  private static List<String> settings(List<Gpu> gpus) throws GpuException {
    List<String> lines = new ArrayList<>();
    for (Gpu gpu : gpus) {
      lines.add(
          CardReport.text(
              "GPU %d: requested limit %s, persistence mode %s, range %s, default %s%s",
              gpu.traits().index(),
              seen(gpu::requestedLimit),
              seen(() -> gpu.settings().persistenceMode()),
              seen(() -> gpu.refreshTraits().powerRange().orElseThrow()),
              seen(() -> gpu.traits().defaultLimit().orElseThrow()),
              gpu.traits().unwritable().map(why -> ", not settable: " + why).orElse("")));
    }
    return lines;
  }

  private interface Reading {
    Object read() throws GpuException;
  }

  private static String seen(Reading reading) {
    try {
      return reading.read().toString();
    } catch (GpuException | java.util.NoSuchElementException e) {
      return "unknown";
    }
  }

  private static List<GpuProcess> processes(Gpu gpu) {
    try {
      return gpu.processes();
    } catch (GpuException e) {
      return List.of();
    }
  }

  private void underLoad(Gpu gpu, List<GpuProcess> others, CardReport report)
      throws GpuException, IOException {
    if (!load || !others.isEmpty()) {
      report.line(
          "\nNo load: %s.", load ? others.size() + " processes use the GPU" : "not asked for");
      daemon(report);
      return;
    }
    progress("load");
    // The traces, the daemon's start and its commands.
    long seconds = 2 * stretch.toSeconds() + 40;
    Process busy =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                CudaLoad.class.getName(),
                gpu.traits().id().uuid(),
                Long.toString(seconds))
            .redirectErrorStream(true)
            .start();
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(busy.getInputStream(), StandardCharsets.UTF_8))) {
      String said = Optional.ofNullable(lines.readLine()).orElse("it ended without a word");
      if (said.startsWith(CudaLoad.RUNS)) {
        Pauses.milliseconds(2000);
        PowerTrace.over("under load", gpu, stretch).addTo(report);
        report.line("\n%s.", said);
        listed(gpu, busy.pid(), report);
      } else {
        report.line("\nNo load: %s.", said);
        report.phrase("no load (" + said + ")");
      }
      daemon(report);
    } finally {
      busy.destroyForcibly();
    }
  }

  private static void listed(Gpu gpu, long pid, CardReport report) {
    List<Long> pids = processes(gpu).stream().map(GpuProcess::pid).toList();
    report.line("Processes on the GPU: %s; the load is %d.", pids, pid);
    report.phrase(
        pids.contains(pid)
            ? "the load is in the process list"
            : "the load is not in the process list");
  }

  private void daemon(CardReport report) throws IOException {
    if (launcher.isEmpty()) {
      return;
    }
    progress("daemon");
    Path directory = Files.createTempDirectory("chase-card");
    try {
      new ObservingDaemon(launcher.get(), directory, library).observe(stretch, report);
    } finally {
      remove(directory);
    }
  }

  private static void remove(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private static void progress(String what) {
    System.err.println("card.sh: " + what);
  }
}
