package chase.zeus.gpu.nvml;

import chase.zeus.gpu.GpuException;
import chase.zeus.gpu.GpuProcess;
import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The processes of one GPU, read with the newest call that the driver has. */
final class NvmlProcesses {
  /** The driver's call in its versions, newest first. */
  enum ListVersion {
    V3("nvmlDeviceGetComputeRunningProcesses_v3", 24),
    V2("nvmlDeviceGetComputeRunningProcesses_v2", 24),
    /** Its entries lack MIG's instance ids. */
    V1("nvmlDeviceGetComputeRunningProcesses", 16);

    private final String symbol;
    private final int size;

    ListVersion(String symbol, int size) {
      this.symbol = symbol;
      this.size = size;
    }

    String symbol() {
      return symbol;
    }

    private int call(NvmlLibrary nvml, Pointer device, Pointer count, Pointer list) {
      return switch (this) {
        case V3 -> nvml.nvmlDeviceGetComputeRunningProcesses_v3(device, count, list);
        case V2 -> nvml.nvmlDeviceGetComputeRunningProcesses_v2(device, count, list);
        case V1 -> nvml.nvmlDeviceGetComputeRunningProcesses(device, count, list);
      };
    }
  }

  /** The layout of both forms of nvmlProcessInfo_t on 64-bit Linux; the pid is at 0. */
  private static final int MEMORY = 8;

  /** nvml.h, NVML_VALUE_NOT_AVAILABLE, as a signed number. */
  private static final long NOT_AVAILABLE = -1;

  /** Enough for most hosts, because a second call doubles the cost. */
  private static final int FIRST_CAPACITY = 32;

  /** Processes may start between two calls. */
  private static final int SPARE_CAPACITY = 16;

  private static final int TRIES = 3;

  private final NvmlDevice device;
  private final Pointer handle;

  NvmlProcesses(NvmlDevice device, Pointer handle) {
    this.device = device;
    this.handle = handle;
  }

  /**
   * The processes now. One that is in several MIG instances is there once, with the memory of all.
   *
   * @throws GpuException when the GPU does not report them, or is gone
   */
  List<GpuProcess> read() throws GpuException {
    ListVersion version =
        device
            .driver()
            .processListVersion()
            .orElseThrow(() -> device.refusal("its driver lists no processes"));
    Memory count = new Memory(Integer.BYTES);
    int capacity = FIRST_CAPACITY;
    int code = NvmlReturn.INSUFFICIENT_SIZE;
    for (int i = 0; i < TRIES && code == NvmlReturn.INSUFFICIENT_SIZE; i++) {
      Memory list = new Memory((long) version.size * capacity);
      count.setInt(0, capacity);
      code = version.call(device.driver().library(), handle, count, list);
      if (code == NvmlReturn.SUCCESS) {
        return merged(list, version, Math.min(count.getInt(0), capacity));
      }
      capacity = count.getInt(0) + SPARE_CAPACITY;
    }
    throw device.failure(code, version.symbol);
  }

  private static List<GpuProcess> merged(Memory list, ListVersion version, int count) {
    Map<Long, Optional<Long>> found = new LinkedHashMap<>();
    for (int i = 0; i < count; i++) {
      long at = (long) version.size * i;
      long pid = Integer.toUnsignedLong(list.getInt(at));
      long memory = list.getLong(at + MEMORY);
      // The driver returns 0 for processes in a namespace that it cannot see.
      if (pid != 0) {
        Optional<Long> used = memory == NOT_AVAILABLE ? Optional.empty() : Optional.of(memory);
        found.merge(pid, used, NvmlProcesses::sum);
      }
    }
    List<GpuProcess> processes = new ArrayList<>();
    found.forEach((pid, memory) -> processes.add(new GpuProcess(pid, memory)));
    return List.copyOf(processes);
  }

  private static Optional<Long> sum(Optional<Long> one, Optional<Long> other) {
    return one.flatMap(memory -> other.map(more -> memory + more));
  }
}
