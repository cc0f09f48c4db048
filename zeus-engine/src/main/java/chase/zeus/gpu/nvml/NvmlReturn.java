package chase.zeus.gpu.nvml;

import chase.zeus.gpu.GpuException.Kind;

/** What the driver's return codes (nvml.h, nvmlReturn_t) require of a caller. */
final class NvmlReturn {
  static final int SUCCESS = 0;
  static final int UNINITIALIZED = 1;
  static final int INVALID_ARGUMENT = 2;
  static final int NO_PERMISSION = 4;
  static final int INSUFFICIENT_SIZE = 7;
  static final int FUNCTION_NOT_FOUND = 13;
  static final int UNKNOWN = 999;

  private NvmlReturn() {}

  /**
   * Whether the GPU or the driver lacks what was queried, so that a retry is useless: not
   * supported, function not found, argument version mismatch, deprecated.
   */
  static boolean isAbsent(int code) {
    return switch (code) {
      case 3, FUNCTION_NOT_FOUND, 25, 26 -> true;
      default -> false;
    };
  }

  /**
   * The caller's reaction to a code other than success; a code that is not listed here is
   * temporary.
   */
  static Kind kind(int code) {
    return switch (code) {
      // uninitialized, driver not loaded, library and kernel module differ, not ready
      case UNINITIALIZED, 9, 18, 27 -> Kind.REOPEN;
      // lost, reset required, not found any more
      case 15, 16, 28 -> Kind.LOST;
      // not supported and no function are absent capabilities; 17: the system blocks the device
      case INVALID_ARGUMENT, 3, NO_PERMISSION, FUNCTION_NOT_FOUND, 17, 25, 26 -> Kind.REFUSED;
      default -> Kind.RETRY;
    };
  }
}
