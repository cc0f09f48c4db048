package chase.zeus.gpu.nvml;

import chase.zeus.gpu.GpuException;
import chase.zeus.gpu.GpuException.Kind;
import chase.zeus.gpu.GpuProcess;
import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One GPU's handle. It keeps what the GPU does not report and queries it again only now and then,
 * because a driver may also say "not supported" temporarily. For one thread.
 */
final class NvmlDevice {
  private static final int TEXT = 96;
  private static final int PCI_INFO = 68;
  private static final int PCI_BUS_ID = 36;

  /** nvml.h, NVML_GPM_SUPPORT_VERSION; unlike other versions it holds no size. */
  private static final int GPM_VERSION = 1;

  /** A query that is not supported is skipped so many times before the next try. */
  private static final int SKIPS = 60;

  private final NvmlDriver driver;
  private final int index;
  private final Pointer handle;
  private final Memory out = new Memory(TEXT);

  /** The queries that the driver has no function for. */
  private final Set<NvmlQuery> missing;

  /** The queries that the GPU does not answer, and how many times each is still skipped. */
  private final Map<NvmlQuery, Integer> absent = new EnumMap<>(NvmlQuery.class);

  NvmlDevice(NvmlDriver driver, int index) throws GpuException {
    this.driver = driver;
    this.index = index;
    this.handle = driver.handle(index);
    this.missing = driver.missingQueries();
  }

  int index() {
    return index;
  }

  NvmlDriver driver() {
    return driver;
  }

  /**
   * The GPU's answer, empty where it has none.
   *
   * @throws GpuException when the GPU should have an answer and did not return it
   */
  Optional<Long> query(NvmlQuery query) throws GpuException {
    if (missing.contains(query) || isSkipped(query)) {
      return Optional.empty();
    }
    int code = query.call(driver.library(), handle, out);
    if (NvmlReturn.isAbsent(code)) {
      absent.put(query, query.concernsLimits() ? 0 : SKIPS);
      return Optional.empty();
    }
    if (code != NvmlReturn.SUCCESS) {
      throw failure(code, query.symbol());
    }
    long answer = query.result(out);
    // A counter that fills 64 bits is how a driver says "unknown".
    return query == NvmlQuery.ENERGY && answer < 0 ? Optional.empty() : Optional.of(answer);
  }

  private boolean isSkipped(NvmlQuery query) {
    int left = absent.getOrDefault(query, 0);
    absent.put(query, Math.max(left - 1, 0));
    return left > 0;
  }

  /** Fills {@code count} field values and returns the driver's code for the whole call. */
  int readFields(int count, Pointer values) throws GpuException {
    return driver.supportsFieldValues()
        ? driver.library().nvmlDeviceGetFieldValues(handle, count, values)
        : NvmlReturn.FUNCTION_NOT_FOUND;
  }

  /** The processes that compute on the GPU now. */
  List<GpuProcess> processes() throws GpuException {
    return new NvmlProcesses(this, handle).read();
  }

  /** Whether driver and GPU have hardware counters for the GPU as a whole. */
  boolean supportsGpm() throws GpuException {
    if (!driver.supportsGpm() || query(NvmlQuery.MIG_MODE).orElse(0L) != 0) {
      return false;
    }
    out.setInt(0, GPM_VERSION);
    out.setInt(Integer.BYTES, 0);
    int code = driver.library().nvmlGpmQueryDeviceSupport(handle, out);
    return code == NvmlReturn.SUCCESS && out.getInt(Integer.BYTES) != 0;
  }

  /**
   * Memory for a sample of the counters, where the driver has any; {@link NvmlDriver#freeSample}
   * it.
   */
  Optional<Pointer> allocateSample() throws GpuException {
    int code = driver.library().nvmlGpmSampleAlloc(out);
    return code == NvmlReturn.SUCCESS ? Optional.of(out.getPointer(0)) : Optional.empty();
  }

  /** Reads the counters into {@code sample} and returns the driver's code. */
  int readSample(Pointer sample) throws GpuException {
    return driver.library().nvmlGpmSampleGet(handle, sample);
  }

  /** Compares two samples as {@code metrics} requests, and returns the driver's code. */
  int computeMetrics(Pointer metrics) throws GpuException {
    return driver.library().nvmlGpmMetricsGet(metrics);
  }

  /** Sets the requested limit and returns the driver's code. */
  int limitPower(int milliwatts) throws GpuException {
    return driver.library().nvmlDeviceSetPowerManagementLimit(handle, milliwatts);
  }

  /** A function of the driver that sets something and returns its code. */
  interface Setter {
    int call(NvmlLibrary nvml, Pointer device);
  }

  /** Sets something and returns the driver's code, also where the driver has no such function. */
  int set(Setter setter) throws GpuException {
    try {
      return setter.call(driver.library(), handle);
    } catch (UnsatisfiedLinkError missing) {
      return NvmlReturn.FUNCTION_NOT_FOUND;
    }
  }

  /** The GPU's UUID, queried each time. */
  String uuid() throws GpuException {
    return text("nvmlDeviceGetUUID", driver.library().nvmlDeviceGetUUID(handle, out, TEXT));
  }

  /** The product's name. */
  String model() throws GpuException {
    return text("nvmlDeviceGetName", driver.library().nvmlDeviceGetName(handle, out, TEXT));
  }

  /** The PCI bus address, such as {@code 00000000:17:00.0}. */
  Optional<String> pciBusId() throws GpuException {
    Memory pci = new Memory(PCI_INFO);
    pci.clear();
    try {
      int code = driver.library().nvmlDeviceGetPciInfo_v3(handle, pci);
      return code == NvmlReturn.SUCCESS
          ? Optional.of(pci.getString(PCI_BUS_ID)).filter(id -> !id.isBlank())
          : Optional.empty();
    } catch (UnsatisfiedLinkError missing) {
      return Optional.empty();
    }
  }

  private String text(String symbol, int code) throws GpuException {
    if (code != NvmlReturn.SUCCESS) {
      throw failure(code, symbol);
    }
    return out.getString(0);
  }

  /** A failure of this GPU with the driver's reason, of the kind that the code requires. */
  GpuException failure(int code, String what) {
    return driver.failure(code, "GPU " + index + ": " + what);
  }

  /** A refusal for which no driver call is needed. */
  GpuException refusal(String why) {
    return new GpuException(Kind.REFUSED, "GPU " + index + ": " + why);
  }
}
