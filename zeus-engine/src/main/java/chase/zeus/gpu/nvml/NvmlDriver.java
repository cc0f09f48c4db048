package chase.zeus.gpu.nvml;

import chase.zeus.gpu.GpuException;
import chase.zeus.gpu.GpuException.Kind;
import com.sun.jna.Library;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;

/**
 * The driver's library, loaded and initialised. Its symbols are looked up once.
 *
 * <p>The library is unmapped by JNA when nothing refers to it any more, never here: another thread
 * may still hang inside a call.
 */
final class NvmlDriver {
  private static final String SONAME = "libnvidia-ml.so.1";
  private static final int TEXT = 96;

  /** No GPU can be identified without these; every other symbol may be missing. */
  private static final List<String> CORE =
      List.of(
          "nvmlInit_v2",
          "nvmlShutdown",
          "nvmlErrorString",
          "nvmlDeviceGetCount_v2",
          "nvmlDeviceGetHandleByIndex_v2",
          "nvmlDeviceGetName",
          "nvmlDeviceGetUUID");

  /** The hardware counters, all or none. */
  private static final List<String> COUNTERS =
      List.of(
          "nvmlGpmQueryDeviceSupport",
          "nvmlGpmSampleAlloc",
          "nvmlGpmSampleFree",
          "nvmlGpmSampleGet",
          "nvmlGpmMetricsGet");

  private final NvmlLibrary library;
  private final Set<NvmlQuery> missing = EnumSet.noneOf(NvmlQuery.class);
  private final boolean supportsFieldValues;
  private final boolean supportsPowerLimits;
  private final boolean supportsGpm;
  private final Optional<NvmlProcesses.ListVersion> processListVersion;
  private final AtomicBoolean closed = new AtomicBoolean();

  private NvmlDriver(NvmlLibrary library, NativeLibrary symbols) {
    this.library = library;
    for (NvmlQuery query : NvmlQuery.values()) {
      if (!exports(symbols, query.symbol())) {
        missing.add(query);
      }
    }
    this.supportsFieldValues = exports(symbols, "nvmlDeviceGetFieldValues");
    this.supportsPowerLimits = exports(symbols, "nvmlDeviceSetPowerManagementLimit");
    this.processListVersion =
        Stream.of(NvmlProcesses.ListVersion.values())
            .filter(version -> exports(symbols, version.symbol()))
            .findFirst();
    this.supportsGpm = COUNTERS.stream().allMatch(symbol -> exports(symbols, symbol));
  }

  /**
   * Loads and initialises the library at {@code path}, or the system's.
   *
   * @throws GpuException with one line that says what is wrong with the library or the driver
   */
  static NvmlDriver open(Optional<Path> path) throws GpuException {
    try {
      return initialised(path.map(Path::toString).orElse(SONAME));
    } catch (GpuException e) {
      // After an upgrade only a library that is unmapped first is loaded anew, and JNA unmaps it
      // when nothing refers to it any more: not before the next collection, which may be far.
      if (e.kind() == Kind.REOPEN) {
        System.gc();
      }
      throw e;
    }
  }

  private static NvmlDriver initialised(String name) throws GpuException {
    NvmlLibrary library = load(name);
    NativeLibrary symbols =
        ((Library.Handler) Proxy.getInvocationHandler(library)).getNativeLibrary();
    requireCore(name, symbols);
    NvmlDriver driver = new NvmlDriver(library, symbols);
    int code = library.nvmlInit_v2();
    if (code != NvmlReturn.SUCCESS) {
      throw driver.failure(code, "NVML cannot start");
    }
    return driver;
  }

  private static NvmlLibrary load(String name) throws GpuException {
    try {
      return Native.load(name, NvmlLibrary.class);
    } catch (UnsatisfiedLinkError error) {
      throw new GpuException(Kind.REFUSED, unusable(name, String.valueOf(error.getMessage())));
    }
  }

  /** JNA's message has several lines: the first says only that it failed, the second why. */
  private static String unusable(String name, String message) {
    if (message.contains(name + ": cannot open shared object file: No such file")) {
      return name + " not found: is the NVIDIA driver installed?";
    }
    String why = message.lines().skip(1).findFirst().orElse(message);
    return name + " cannot be loaded: " + why;
  }

  private static void requireCore(String name, NativeLibrary symbols) throws GpuException {
    for (String symbol : CORE) {
      if (!exports(symbols, symbol)) {
        throw new GpuException(Kind.REFUSED, name + " is not a usable NVML: it has no " + symbol);
      }
    }
  }

  private static boolean exports(NativeLibrary symbols, String symbol) {
    try {
      symbols.getFunction(symbol);
      return true;
    } catch (UnsatisfiedLinkError missing) {
      return false;
    }
  }

  /**
   * The functions.
   *
   * @throws GpuException of kind REOPEN once the driver is closed, because its handles are invalid
   *     then
   */
  NvmlLibrary library() throws GpuException {
    if (closed.get()) {
      throw new GpuException(Kind.REOPEN, "the NVIDIA driver was closed");
    }
    return library;
  }

  /** The queries that this version of the driver does not have. */
  Set<NvmlQuery> missingQueries() {
    return missing;
  }

  /** Whether the driver reads several fields with one call. */
  boolean supportsFieldValues() {
    return supportsFieldValues;
  }

  /** Whether the driver can set a power limit at all. */
  boolean supportsPowerLimits() {
    return supportsPowerLimits;
  }

  /** Whether the driver has hardware counters (GPM), which not every GPU has. */
  boolean supportsGpm() {
    return supportsGpm;
  }

  /** The newest call that lists a GPU's processes, where there is one. */
  Optional<NvmlProcesses.ListVersion> processListVersion() {
    return processListVersion;
  }

  /** Frees a counter sample; has no effect once the driver is closed. */
  void freeSample(Pointer sample) {
    library.nvmlGpmSampleFree(sample);
  }

  /** The driver's version, such as {@code 590.48.01}; {@code unknown} where it is not reported. */
  String version() throws GpuException {
    Memory text = new Memory(TEXT);
    text.clear();
    try {
      int code = library().nvmlSystemGetDriverVersion(text, TEXT);
      return code == NvmlReturn.SUCCESS ? text.getString(0) : "unknown";
    } catch (UnsatisfiedLinkError missing) {
      return "unknown";
    }
  }

  /** How many GPUs the driver counts, including those that cannot be opened. */
  int count() throws GpuException {
    Memory out = new Memory(Integer.BYTES);
    int code = library().nvmlDeviceGetCount_v2(out);
    if (code != NvmlReturn.SUCCESS) {
      throw failure(code, "NVML cannot count the GPUs");
    }
    return out.getInt(0);
  }

  /**
   * The handle of a GPU.
   *
   * @throws GpuException with the driver's reason, such as {@code GPU 2: GPU is lost}
   */
  Pointer handle(int index) throws GpuException {
    Memory out = new Memory(Native.POINTER_SIZE);
    int code = library().nvmlDeviceGetHandleByIndex_v2(index, out);
    if (code != NvmlReturn.SUCCESS) {
      throw failure(code, "GPU " + index);
    }
    return out.getPointer(0);
  }

  /** An exception that says what failed and why, of the kind that the code requires. */
  GpuException failure(int code, String what) {
    String message = what + ": " + library.nvmlErrorString(code);
    return code == NvmlReturn.NO_PERMISSION
        ? GpuException.noPermission(message)
        : new GpuException(NvmlReturn.kind(code), message);
  }

  /** Undoes one initialisation, once; may hang with the driver. */
  void close() {
    if (!closed.getAndSet(true)) {
      library.nvmlShutdown();
    }
  }
}
