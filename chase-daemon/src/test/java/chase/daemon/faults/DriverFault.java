package chase.daemon.faults;

import chase.zeus.fixtures.FakeDriver;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * One call of NVML that fails with a code, or hangs.
 *
 * @param call the function's symbol
 * @param code an nvmlReturn_t, or {@link #HANG}
 */
record DriverFault(String call, int code) {
  static final int HANG = -1;

  /** No driver documents this one. */
  private static final int UNDOCUMENTED = 4711;

  /** What a code asks of Chase (nvml.h; docs/faults.md has this list). */
  enum CodeGroup {
    ABSENT("3, 13, 25, 26: not there"),
    REFUSED("2, 4, 17: refused"),
    LOST("15, 16, 28: GPU gone"),
    DRIVER("1, 9, 18, 27: driver gone"),
    TRANSIENT("any other"),
    HANGS("hangs");

    private final String title;

    CodeGroup(String title) {
      this.title = title;
    }

    String title() {
      return title;
    }
  }

  /** These name no GPU. */
  private static final Set<String> LIBRARY_CALLS =
      Set.of(
          "nvmlInit_v2",
          "nvmlShutdown",
          "nvmlSystemGetDriverVersion",
          "nvmlDeviceGetCount_v2",
          "nvmlGpmSampleAlloc",
          "nvmlGpmSampleFree",
          "nvmlGpmMetricsGet");

  /** Chase makes these only with a driver that lacks newer ones. */
  private static final Set<String> OLD_CALLS =
      Set.of(
          "nvmlDeviceGetPowerUsage",
          "nvmlDeviceGetTotalEnergyConsumption",
          "nvmlDeviceGetCurrentClocksThrottleReasons",
          "nvmlDeviceGetComputeRunningProcesses");

  private static final Set<String> ON_REQUEST =
      Set.of(
          "nvmlDeviceSetPersistenceMode",
          "nvmlDeviceSetGpuLockedClocks",
          "nvmlDeviceResetGpuLockedClocks",
          "nvmlDeviceSetMemoryLockedClocks",
          "nvmlDeviceResetMemoryLockedClocks",
          "nvmlDeviceGetComputeRunningProcesses_v3",
          "nvmlDeviceGetComputeRunningProcesses_v2",
          "nvmlDeviceGetComputeRunningProcesses");

  /** Every call that Chase makes, with every code and a hang. */
  static List<DriverFault> all() {
    return calls().stream()
        .flatMap(call -> codes().map(code -> new DriverFault(call, code)))
        .toList();
  }

  /** The functions that Chase binds; one that only puts a code into words cannot fail. */
  private static List<String> calls() {
    try {
      return Arrays.stream(Class.forName("chase.zeus.gpu.nvml.NvmlLibrary").getDeclaredMethods())
          .map(Method::getName)
          .filter(name -> !name.equals("nvmlErrorString"))
          .sorted()
          .toList();
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Stream<Integer> codes() {
    return Stream.concat(
        Stream.iterate(1, code -> code <= 30, code -> code + 1),
        Stream.of(999, UNDOCUMENTED, HANG));
  }

  CodeGroup group() {
    return switch (code) {
      case 3, 13, 25, 26 -> CodeGroup.ABSENT;
      case 2, 4, 17 -> CodeGroup.REFUSED;
      case 15, 16, 28 -> CodeGroup.LOST;
      case 1, 9, 18, 27 -> CodeGroup.DRIVER;
      case HANG -> CodeGroup.HANGS;
      default -> CodeGroup.TRANSIENT;
    };
  }

  boolean namesGpu() {
    return !LIBRARY_CALLS.contains(call);
  }

  boolean isOnRequest() {
    return ON_REQUEST.contains(call);
  }

  /** The macros of the driver that it takes to have Chase make the call. */
  String flavour() {
    if (OLD_CALLS.contains(call)) {
      return "FAKE_NVML_OLD";
    }
    return call.equals("nvmlDeviceGetComputeRunningProcesses_v2") ? "FAKE_NVML_V2" : "";
  }

  void inject(FakeDriver driver) {
    String only = call + "!";
    if (namesGpu() && code == HANG) {
      driver.hang(0, only);
    } else if (namesGpu()) {
      driver.fail(0, only, code);
    } else if (code == HANG) {
      driver.hangEverywhere(only);
    } else {
      driver.failEverywhere(only, code);
    }
  }

  @Override
  public String toString() {
    return call + (code == HANG ? " hangs" : " returns " + code);
  }
}
