package chase.zeus.gpu.nvml;

import com.sun.jna.Library;
import com.sun.jna.Pointer;

/**
 * The part of nvml.h that Chase calls, by the versioned symbols that the library exports. Each
 * function but {@link #nvmlErrorString} returns an nvmlReturn_t ({@link NvmlReturn}). Power is in
 * milliwatts, energy in millijoules. Out parameters are memory that the caller reuses.
 */
@SuppressWarnings("MemberName") // the names are the driver's symbols
interface NvmlLibrary extends Library {
  int nvmlInit_v2();

  int nvmlShutdown();

  String nvmlErrorString(int code);

  int nvmlSystemGetDriverVersion(Pointer text, int length);

  int nvmlDeviceGetCount_v2(Pointer count);

  int nvmlDeviceGetHandleByIndex_v2(int index, Pointer device);

  int nvmlDeviceGetName(Pointer device, Pointer text, int length);

  int nvmlDeviceGetUUID(Pointer device, Pointer text, int length);

  /** Fills an nvmlPciInfo_t of 68 bytes, busId at 36. */
  int nvmlDeviceGetPciInfo_v3(Pointer device, Pointer pciInfo);

  int nvmlDeviceGetPowerUsage(Pointer device, Pointer milliwatts);

  int nvmlDeviceGetPowerManagementLimit(Pointer device, Pointer milliwatts);

  int nvmlDeviceGetPowerManagementDefaultLimit(Pointer device, Pointer milliwatts);

  int nvmlDeviceGetPowerManagementLimitConstraints(Pointer device, Pointer min, Pointer max);

  int nvmlDeviceGetEnforcedPowerLimit(Pointer device, Pointer milliwatts);

  int nvmlDeviceSetPowerManagementLimit(Pointer device, int milliwatts);

  int nvmlDeviceGetTotalEnergyConsumption(Pointer device, Pointer millijoules);

  /** Fills an nvmlUtilization_t: gpu and memory, per cent, 4 bytes each. */
  int nvmlDeviceGetUtilizationRates(Pointer device, Pointer utilization);

  int nvmlDeviceGetClockInfo(Pointer device, int clock, Pointer megahertz);

  int nvmlDeviceGetTemperature(Pointer device, int sensor, Pointer celsius);

  int nvmlDeviceGetCurrentClocksEventReasons(Pointer device, Pointer mask);

  int nvmlDeviceGetCurrentClocksThrottleReasons(Pointer device, Pointer mask);

  int nvmlDeviceGetMigMode(Pointer device, Pointer current, Pointer pending);

  int nvmlDeviceGetPersistenceMode(Pointer device, Pointer mode);

  int nvmlDeviceSetPersistenceMode(Pointer device, int mode);

  int nvmlDeviceSetGpuLockedClocks(Pointer device, int minMegahertz, int maxMegahertz);

  int nvmlDeviceResetGpuLockedClocks(Pointer device);

  int nvmlDeviceSetMemoryLockedClocks(Pointer device, int minMegahertz, int maxMegahertz);

  int nvmlDeviceResetMemoryLockedClocks(Pointer device);

  int nvmlDeviceGetVirtualizationMode(Pointer device, Pointer mode);

  /**
   * Fills nvmlProcessInfo_t of 24 bytes if {@code count} says that there is room, and sets it to
   * how many there are.
   */
  int nvmlDeviceGetComputeRunningProcesses_v3(Pointer device, Pointer count, Pointer processes);

  /** The same. */
  int nvmlDeviceGetComputeRunningProcesses_v2(Pointer device, Pointer count, Pointer processes);

  /** The same with entries of 16 bytes. */
  int nvmlDeviceGetComputeRunningProcesses(Pointer device, Pointer count, Pointer processes);

  /** Fills an nvmlGpmSupport_t: version (1) and whether counters are there, 4 bytes each. */
  int nvmlGpmQueryDeviceSupport(Pointer device, Pointer support);

  int nvmlGpmSampleAlloc(Pointer sample);

  int nvmlGpmSampleFree(Pointer sample);

  int nvmlGpmSampleGet(Pointer device, Pointer sample);

  /** Fills an nvmlGpmMetricsGet_t from the two samples in it. */
  int nvmlGpmMetricsGet(Pointer metrics);

  /** Fills {@code count} nvmlFieldValue_t of 40 bytes, each with a return code of its own. */
  int nvmlDeviceGetFieldValues(Pointer device, int count, Pointer fields);
}
