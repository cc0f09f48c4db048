package chase.daemon.zeusd;

import chase.daemon.host.CpuEnergy;
import chase.daemon.zeusd.CpuMeter.EnergySample;
import chase.zeus.unit.Joules;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * The energy of the CPU packages, read on a thread of its own: every minute, because the kernel's
 * counters begin again from time to time, and on every request. The dies of a package are one.
 */
final class CpuMeter {
  private static final Duration PERIOD = Duration.ofMinutes(1);

  private final Supplier<List<CpuEnergy>> zones;
  private final InstantSource clock;
  private final WorkerExecutor thread;
  private volatile Map<Integer, CpuEnergy> last = Map.of();

  /** One package at one moment. */
  record EnergySample(CpuEnergy energy, Instant at) {}

  CpuMeter(Vertx vertx, Supplier<List<CpuEnergy>> zones, InstantSource clock) {
    this.zones = zones;
    this.clock = clock;
    this.thread = vertx.createSharedWorkerExecutor("rapl", 1);
    vertx.setPeriodic(0, PERIOD.toMillis(), beat -> readAll());
  }

  /** The packages as last read, in ascending order; none where they report nothing. */
  List<CpuEnergy> packages() {
    return List.copyOf(last.values());
  }

  /** One package now; fails when it cannot be read. */
  Future<EnergySample> read(int index) {
    return readAll()
        .compose(all ->
            Optional.ofNullable(all.get(index))
                .map(energy -> Future.succeededFuture(new EnergySample(energy, clock.instant())))
                .orElseGet(() -> Future.failedFuture("CPU " + index + " cannot be read")));
  }

  private Future<Map<Integer, CpuEnergy>> readAll() {
    return thread
        .executeBlocking(
            () -> {
              Map<Integer, CpuEnergy> all = new TreeMap<>();
              zones.get().forEach(zone -> all.merge(zone.index(), zone, CpuMeter::together));
              last = all;
              return all;
            },
            true)
        .map(Objects::requireNonNull);
  }

  private static CpuEnergy together(CpuEnergy one, CpuEnergy other) {
    return new CpuEnergy(
        one.index(),
        one.cpu().plus(other.cpu()),
        one.dram().flatMap(dram -> other.dram().map(dram::plus)));
  }

  /**
   * The draw of a CPU package: the energy of a short time, divided by it.
   *
   * @param packageMilliwatts the package's
   * @param dramMilliwatts its memory's, where that is measured
   */
  record CpuPower(long packageMilliwatts, Optional<Long> dramMilliwatts) {
    /** The same of what a package can draw; fails when it is more. */
    static Future<CpuPower> checked(EnergySample before, EnergySample after) {
      CpuPower power = between(before, after);
      long maximum = Math.max(power.packageMilliwatts, power.dramMilliwatts.orElse(0L));
      return maximum <= CpuEnergy.MAX_POWER.toMilliwatts()
          ? Future.succeededFuture(power)
          : Future.failedFuture(
              "CPU "
                  + after.energy().index()
                  + " reads "
                  + maximum / 1000
                  + " W, which is more than it can draw");
    }

    private static CpuPower between(EnergySample before, EnergySample after) {
      double seconds = Math.max(1e-6, Duration.between(before.at(), after.at()).toNanos() / 1e9);
      Optional<Long> dram =
          before
              .energy()
              .dram()
              .flatMap(start -> after.energy().dram().map(end -> milliwatts(start, end, seconds)));
      return new CpuPower(milliwatts(before.energy().cpu(), after.energy().cpu(), seconds), dram);
    }

    private static long milliwatts(Joules before, Joules after, double seconds) {
      return Math.round(Math.max(0, after.value() - before.value()) * 1000 / seconds);
    }

    ObjectNode into(ObjectNode node) {
      node.put("cpu_mw", packageMilliwatts);
      dramMilliwatts.ifPresentOrElse(
          dram -> node.put("dram_mw", dram), () -> node.putNull("dram_mw"));
      return node;
    }
  }
}
