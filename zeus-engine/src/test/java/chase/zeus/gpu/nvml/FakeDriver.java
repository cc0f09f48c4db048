package chase.zeus.gpu.nvml;

import chase.zeus.gpu.GpuSettings.ClockDomain;
import chase.zeus.unit.Watts;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A libnvidia-ml.so.1 without a GPU, compiled from {@code fake_nvml.c} and driven through its
 * companion program. Its state is a file beside the library, so every process that loads it sees
 * the same GPUs. Failures are {@link IllegalStateException} with one line.
 */
public final class FakeDriver {
  private static final String SOURCE = "/fake-nvml/fake_nvml.c";

  /**
   * One attempt to set a limit through the library.
   *
   * @param at when
   * @param gpu the GPU's index
   * @param limit the limit asked for
   * @param code what the driver answered; 0 is success
   * @param pid the process that asked
   */
  public record Write(Instant at, int gpu, Watts limit, int code, long pid) {}

  private final Path folder;

  private FakeDriver(Path folder) {
    this.folder = folder;
  }

  /**
   * Compiles the driver into {@code folder}; its GPUs are h100, a100 and v100 until {@link #reset}.
   *
   * @param defines macros of the C source, such as {@code FAKE_NVML_OLD}
   */
  public static FakeDriver build(Path folder, String... defines) {
    FakeDriver driver = new FakeDriver(folder);
    Path source = folder.resolve("fake_nvml.c");
    try (InputStream text = FakeDriver.class.getResourceAsStream(SOURCE)) {
      if (text == null) {
        throw new IllegalStateException(SOURCE + " is not on the class path");
      }
      Files.createDirectories(folder);
      Files.write(source, text.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    List<String> macros = Arrays.stream(defines).map(define -> "-D" + define).toList();
    CompiledC.compile(
        source, driver.library(), macros, "-shared", "-fPIC", "-Wl,-soname,libnvidia-ml.so.1");
    CompiledC.compile(source, driver.companion(), List.of("-DFAKE_NVML_CTL"));
    return driver;
  }

  /** Where the library lies. */
  public Path library() {
    return folder.resolve("libnvidia-ml.so.1");
  }

  /** The program that changes the state, for tests that run it themselves. */
  public Path companion() {
    return folder.resolve("fake-nvml-ctl");
  }

  /** The state file, for a process that is to be pointed to it by {@code FAKE_NVML_STATE}. */
  public Path state() {
    return folder.resolve("fake-nvml.state");
  }

  /**
   * GPUs without faults, an empty log, and a driver that must be reopened.
   *
   * @param models such as {@code h100}; the companion's usage text lists them
   */
  public void reset(String... models) {
    send("init", String.join(",", models));
  }

  /** An external process sets the requested limit, past the library and its log. */
  public void foreignLimit(int gpu, Watts limit) {
    send("set", gpu, "requested", limit.toMilliwatts());
  }

  /** Sets an out-of-band limit. */
  public void ceiling(int gpu, Watts limit) {
    send("ceiling", gpu, limit.toMilliwatts());
  }

  /** The out-of-band limiter lets go. */
  public void liftCeiling(int gpu) {
    send("ceiling", gpu, 0);
  }

  /** The driver keeps {@code share} of each limit that it accepts; 1 ends it. */
  public void keepShare(int gpu, double share) {
    send("keeps-permille", gpu, Math.round(share * 1000));
  }

  /** The driver keeps limits in whole steps, rounded down; 0 W ends it. */
  public void keepSteps(int gpu, Watts step) {
    send("keeps-step", gpu, step.toMilliwatts());
  }

  /** The driver accepts limits and ignores them. */
  public void ignoreWrites(int gpu, boolean ignore) {
    send("keeps-nothing", gpu, onOff(ignore));
  }

  /** What the job would draw without a limit; below the idle draw means no job. */
  public void load(int gpu, Watts draw) {
    send("load", gpu, draw.toMilliwatts());
  }

  /** Whether setting a limit fails for want of permission. */
  public void refuseWrites(int gpu, boolean refuse) {
    send("eperm", gpu, onOff(refuse));
  }

  /** The GPU falls off the bus. */
  public void lose(int gpu) {
    send("lost", gpu, "on");
  }

  /** Every call to the GPU returns {@code code}; 0 ends it. */
  public void fail(int gpu, int code) {
    send("fail", gpu, code);
  }

  /** The GPU cannot be opened and answers {@code code}; 0 ends it. */
  public void refuseHandle(int gpu, int code) {
    send("handle", gpu, code);
  }

  /** Functions whose names begin with {@code call} hang on this GPU until {@link #mend}. */
  public void hang(int gpu, String call) {
    send("glitch", gpu, call, "hang", 0);
  }

  /** Functions whose names begin with {@code call} fail on this GPU until {@link #mend}. */
  public void fail(int gpu, String call, int code) {
    send("glitch", gpu, call, code, 0);
  }

  /** The next {@code times} calls of functions that begin with {@code call} fail on this GPU. */
  public void fail(int gpu, String call, int code, int times) {
    send("glitch", gpu, call, code, times);
  }

  /** Functions whose names begin with {@code call} hang, also those that name no GPU. */
  public void hangEverywhere(String call) {
    send("glitch", "all", call, "hang", 0);
  }

  /** Single functions hang and fail no more. */
  public void mend() {
    send("mend");
  }

  /** Turns MIG on or off. */
  public void mig(int gpu, boolean on) {
    send("mig", gpu, onOff(on));
  }

  /** Turns persistence mode on or off. */
  public void persistence(int gpu, boolean on) {
    send("persistence", gpu, onOff(on));
  }

  /** The virtualization mode in NVML's numbers: 2 is a vGPU guest. */
  public void virtualization(int gpu, int mode) {
    send("virtualization", gpu, mode);
  }

  /** Reading the hardware counters fails with {@code code}; 0 ends it. */
  public void failCounters(int gpu, int code) {
    send("gpm", gpu, code);
  }

  /** How the driver reports a GPU's power and energy. */
  public enum Figures {
    /** As they are. */
    TRUE(0),
    /** All bits of the counter are set. */
    ALL_ONES(1),
    /** Not a number. */
    NOT_A_NUMBER(2),
    /** Infinite. */
    INFINITE(3);

    private final int kind;

    Figures(int kind) {
      this.kind = kind;
    }
  }

  /** How it reports power and energy from now on. */
  public void report(int gpu, Figures figures) {
    send("nonsense", gpu, figures.kind);
  }

  /** How many counter samples were allocated and not freed, by any process. */
  public int samples() {
    return Integer.parseInt(send("samples").strip());
  }

  /** One more process computes on the GPU; it may be there already, as under MIG. */
  public void process(int gpu, long pid, long mebibytes) {
    send("process", gpu, pid, mebibytes);
  }

  /** No process computes on the GPU. */
  public void idle(int gpu) {
    send("idle", gpu);
  }

  /** Switches a capability of a GPU on or off, such as {@code energy} or {@code setter}. */
  public void can(int gpu, String capability, boolean on) {
    send("can", gpu, capability, onOff(on));
  }

  /** The driver is unloaded and loaded: default limits, fresh counters, all must open it anew. */
  public void reload() {
    send("reload");
  }

  /** Opening the driver fails with {@code code}; 0 ends it. */
  public void refuseInit(int code) {
    send("nvmlinit", code);
  }

  /** Whether every call waits; release it before the test ends. */
  public void hang(boolean on) {
    send("hang", onOff(on));
  }

  /** How long every call takes. */
  public void delay(Duration each) {
    send("delay", each.toNanos() / 1000);
  }

  /** The GPUs' time jumps forward, so that a test need not wait for power and energy to move. */
  public void skip(Duration time) {
    send("skip", time.toMillis());
  }

  /** The limit last asked for, as the other process sees it. */
  public Watts requested(int gpu) {
    return watts(gpu, "requested");
  }

  /** The limit in force, as the other process sees it. */
  public Watts enforced(int gpu) {
    return watts(gpu, "enforced");
  }

  /** The draw, as the other process sees it. */
  public Watts power(int gpu) {
    return watts(gpu, "power");
  }

  /** The locked clocks such as {@code 900-1400}, and {@code 0-0} when none are locked. */
  public String lockedClocks(int gpu, ClockDomain domain) {
    return switch (domain) {
      case GPU -> word(gpu, "gpu-clocks");
      case MEMORY -> word(gpu, "memory-clocks");
    };
  }

  /** Whether persistence mode is on, as the other process sees it. */
  public boolean persistence(int gpu) {
    return word(gpu, "persistence").equals("1");
  }

  /** Every attempt to set a limit through the library since the last reset, oldest first. */
  public List<Write> log() {
    return send("log").lines().map(line -> line.split(" ", -1)).map(FakeDriver::write).toList();
  }

  private static Write write(String[] words) {
    return new Write(
        Instant.EPOCH.plus(Long.parseLong(words[0]), ChronoUnit.MICROS),
        Integer.parseInt(words[1]),
        Watts.ofMilliwatts(Long.parseLong(words[2])),
        Integer.parseInt(words[3]),
        Long.parseLong(words[4]));
  }

  /** How often each function was called since the last reset, by any process. */
  public Map<String, Long> calls() {
    return send("calls")
        .lines()
        .map(line -> line.split(" ", -1))
        .collect(Collectors.toMap(words -> words[0], words -> Long.valueOf(words[1])));
  }

  private Watts watts(int gpu, String key) {
    return Watts.ofMilliwatts(Long.parseLong(word(gpu, key)));
  }

  private String word(int gpu, String key) {
    String line =
        send("show")
            .lines()
            .filter(shown -> shown.startsWith("gpu=" + gpu + " "))
            .findFirst()
            .orElseThrow(() -> new IllegalStateException("the fake driver has no GPU " + gpu));
    return Arrays.stream(line.split(" ", -1))
        .filter(word -> word.startsWith(key + "="))
        .map(word -> word.substring(key.length() + 1))
        .findFirst()
        .orElseThrow();
  }

  private static String onOff(boolean on) {
    return on ? "on" : "off";
  }

  private String send(Object... words) {
    List<String> command = new ArrayList<>(List.of(companion().toString(), state().toString()));
    Arrays.stream(words).map(String::valueOf).forEach(command::add);
    return CompiledC.run(command, companion() + " is missing: was the fake driver built?");
  }
}
