package chase.zeus.gpu.nvml;

import com.sun.jna.Pointer;

/** A query of one GPU whose result is one number. */
enum NvmlQuery {
  POWER_USAGE("nvmlDeviceGetPowerUsage"),
  REQUESTED_LIMIT("nvmlDeviceGetPowerManagementLimit"),
  ENFORCED_LIMIT("nvmlDeviceGetEnforcedPowerLimit"),
  DEFAULT_LIMIT("nvmlDeviceGetPowerManagementDefaultLimit"),
  MIN_LIMIT("nvmlDeviceGetPowerManagementLimitConstraints"),
  MAX_LIMIT("nvmlDeviceGetPowerManagementLimitConstraints"),
  ENERGY("nvmlDeviceGetTotalEnergyConsumption"),
  UTILIZATION("nvmlDeviceGetUtilizationRates"),
  SM_CLOCK("nvmlDeviceGetClockInfo"),
  MEMORY_CLOCK("nvmlDeviceGetClockInfo"),
  TEMPERATURE("nvmlDeviceGetTemperature"),
  EVENT_REASONS("nvmlDeviceGetCurrentClocksEventReasons"),
  /** The same under its older name. */
  THROTTLE_REASONS("nvmlDeviceGetCurrentClocksThrottleReasons"),
  MIG_MODE("nvmlDeviceGetMigMode"),
  PERSISTENCE_MODE("nvmlDeviceGetPersistenceMode"),
  VIRTUALIZATION_MODE("nvmlDeviceGetVirtualizationMode");

  /** nvml.h, nvmlClockType_t and nvmlTemperatureSensors_t. */
  private static final int CLOCK_SM = 1;

  private static final int CLOCK_MEMORY = 2;
  private static final int SENSOR_GPU = 0;

  private final String symbol;

  NvmlQuery(String symbol) {
    this.symbol = symbol;
  }

  /** Whether writing a limit depends on the result, so that an old result is not good enough. */
  boolean concernsLimits() {
    return switch (this) {
      case REQUESTED_LIMIT,
          ENFORCED_LIMIT,
          DEFAULT_LIMIT,
          MIN_LIMIT,
          MAX_LIMIT,
          MIG_MODE,
          VIRTUALIZATION_MODE ->
          true;
      case POWER_USAGE,
          ENERGY,
          UTILIZATION,
          SM_CLOCK,
          MEMORY_CLOCK,
          TEMPERATURE,
          EVENT_REASONS,
          THROTTLE_REASONS,
          PERSISTENCE_MODE ->
          false;
    };
  }

  /** The function's name in the library. */
  String symbol() {
    return symbol;
  }

  /**
   * Calls the driver and returns its code. The result is left at the start of {@code out}, which
   * has 16 bytes or more; see {@link #result}.
   */
  int call(NvmlLibrary nvml, Pointer device, Pointer out) {
    return switch (this) {
      case POWER_USAGE -> nvml.nvmlDeviceGetPowerUsage(device, out);
      case REQUESTED_LIMIT -> nvml.nvmlDeviceGetPowerManagementLimit(device, out);
      case ENFORCED_LIMIT -> nvml.nvmlDeviceGetEnforcedPowerLimit(device, out);
      case DEFAULT_LIMIT -> nvml.nvmlDeviceGetPowerManagementDefaultLimit(device, out);
      case MIN_LIMIT -> nvml.nvmlDeviceGetPowerManagementLimitConstraints(device, out, rest(out));
      case MAX_LIMIT -> nvml.nvmlDeviceGetPowerManagementLimitConstraints(device, rest(out), out);
      case ENERGY -> nvml.nvmlDeviceGetTotalEnergyConsumption(device, out);
      case UTILIZATION -> nvml.nvmlDeviceGetUtilizationRates(device, out);
      case SM_CLOCK -> nvml.nvmlDeviceGetClockInfo(device, CLOCK_SM, out);
      case MEMORY_CLOCK -> nvml.nvmlDeviceGetClockInfo(device, CLOCK_MEMORY, out);
      case TEMPERATURE -> nvml.nvmlDeviceGetTemperature(device, SENSOR_GPU, out);
      case EVENT_REASONS -> nvml.nvmlDeviceGetCurrentClocksEventReasons(device, out);
      case THROTTLE_REASONS -> nvml.nvmlDeviceGetCurrentClocksThrottleReasons(device, out);
      case MIG_MODE -> nvml.nvmlDeviceGetMigMode(device, out, rest(out));
      case PERSISTENCE_MODE -> nvml.nvmlDeviceGetPersistenceMode(device, out);
      case VIRTUALIZATION_MODE -> nvml.nvmlDeviceGetVirtualizationMode(device, out);
    };
  }

  /** Where a second result goes that is not needed. */
  private static Pointer rest(Pointer out) {
    return out.share(Long.BYTES);
  }

  /** The number that a successful {@link #call} left in {@code out}. */
  long result(Pointer out) {
    return switch (this) {
      case ENERGY, EVENT_REASONS, THROTTLE_REASONS -> out.getLong(0);
      case POWER_USAGE,
          REQUESTED_LIMIT,
          ENFORCED_LIMIT,
          DEFAULT_LIMIT,
          MIN_LIMIT,
          MAX_LIMIT,
          UTILIZATION,
          SM_CLOCK,
          MEMORY_CLOCK,
          TEMPERATURE,
          MIG_MODE,
          PERSISTENCE_MODE,
          VIRTUALIZATION_MODE ->
          Integer.toUnsignedLong(out.getInt(0));
    };
  }
}
