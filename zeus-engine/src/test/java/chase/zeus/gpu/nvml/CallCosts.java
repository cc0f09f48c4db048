package chase.zeus.gpu.nvml;

import chase.zeus.gpu.Gpu;
import chase.zeus.gpu.GpuException;
import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** How long each call to the driver takes, one after the other from one thread. */
final class CallCosts {
  /** A call may hold up jobs: so many are made, and no longer than this. */
  private static final int CALLS = 200;

  /** The process list holds the driver's lock for milliseconds. */
  private static final int SLOW_CALLS = 10;

  private static final long NANOS_EACH = 1_000_000_000L;

  /** A call. */
  interface Call {
    void run() throws GpuException;
  }

  /** What a call cost, microseconds. */
  record Cost(String name, int calls, double median, double max, String failure) {}

  private final List<Cost> costs = new ArrayList<>();

  List<Cost> costs() {
    return List.copyOf(costs);
  }

  private Cost measure(String name, int calls, Call call) {
    List<Long> nanos = new ArrayList<>();
    String failure = "";
    long end = System.nanoTime() + NANOS_EACH;
    while (nanos.size() < calls
        && failure.isEmpty()
        && (nanos.isEmpty() || System.nanoTime() < end)) {
      long begin = System.nanoTime();
      try {
        call.run();
      } catch (GpuException e) {
        failure = String.valueOf(e.getMessage());
      }
      nanos.add(System.nanoTime() - begin);
    }
    List<Long> sorted = nanos.stream().sorted().toList();
    Cost cost =
        new Cost(
            name,
            sorted.size(),
            sorted.get(sorted.size() / 2) / 1e3,
            sorted.getLast() / 1e3,
            failure);
    costs.add(cost);
    return cost;
  }

  /** Each call that Chase makes, then what the daemon makes of them. */
  void measureAll(NvmlDriver driver, int index, Gpu opened) throws GpuException {
    NvmlLibrary nvml = driver.library();
    Pointer gpu = driver.handle(index);
    measure("nvmlDeviceGetHandleByIndex_v2", CALLS, () -> driver.handle(index));
    Memory out = new Memory(64);
    Set<String> done = new HashSet<>();
    for (NvmlQuery query : NvmlQuery.values()) {
      if (!driver.missingQueries().contains(query) && done.add(query.symbol())) {
        measure(
            query.symbol(),
            CALLS,
            () -> {
              int code = query.call(nvml, gpu, out);
              if (code != NvmlReturn.SUCCESS) {
                throw driver.failure(code, query.symbol());
              }
            });
      }
    }
    NvmlDevice device = new NvmlDevice(driver, index);
    FieldReader fields = new FieldReader(device);
    fields.read();
    measure("nvmlDeviceGetFieldValues, the batch", CALLS, fields::read);
    measure("nvmlDeviceGetUUID", CALLS, device::uuid);
    measure("the process list", SLOW_CALLS, device::processes);
    counters(device);
    measure(
        "**the draw now** (20 times a second while a job is measured)", CALLS, opened::powerDraw);
    measure("**a reading** (once a second)", CALLS, opened::read);
    measure("**traits** (when asked)", CALLS, opened::refreshTraits);
  }

  private void counters(NvmlDevice device) throws GpuException {
    var gpm = GpmReader.of(device);
    if (gpm.isPresent()) {
      measure("nvmlGpmSampleGet and nvmlGpmMetricsGet", CALLS, () -> gpm.get().utilization());
      gpm.get().close();
    }
  }

  void addTo(CardReport report) {
    report.section("Cost of each call");
    report.table("call", "calls", "median µs", "longest µs", "");
    for (Cost cost : costs) {
      report.row(
          cost.name, cost.calls, Math.round(cost.median), Math.round(cost.max), cost.failure);
    }
    costs.stream()
        .filter(cost -> cost.name.contains("a reading"))
        .forEach(cost ->
            report.phrase(
                CardReport.text(
                    "a reading takes %d µs (longest of %d: %d)",
                    Math.round(cost.median), cost.calls, Math.round(cost.max))));
  }
}
