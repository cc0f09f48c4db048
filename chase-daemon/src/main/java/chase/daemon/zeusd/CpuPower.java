package chase.daemon.zeusd;

import chase.daemon.host.CpuEnergy;
import chase.daemon.zeusd.CpuMeter.EnergySample;
import chase.zeus.unit.Joules;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.OptionalLong;

/**
 * The draw of a CPU package: the energy of a short time, divided by it.
 *
 * @param packageMilliwatts the package's
 * @param dramMilliwatts its memory's, where that is measured
 */
record CpuPower(long packageMilliwatts, OptionalLong dramMilliwatts) {
  /** The same of what a package can draw; fails when it is more. */
  static Future<CpuPower> checked(EnergySample before, EnergySample after) {
    CpuPower power = between(before, after);
    long most = Math.max(power.packageMilliwatts, power.dramMilliwatts.orElse(0));
    return most <= CpuEnergy.MAX_POWER.toMilliwatts()
        ? Future.succeededFuture(power)
        : Future.failedFuture(
            "CPU "
                + after.energy().index()
                + " reads "
                + most / 1000
                + " W, which is more than it can draw");
  }

  private static CpuPower between(EnergySample before, EnergySample after) {
    double seconds = Math.max(1e-6, Duration.between(before.at(), after.at()).toNanos() / 1e9);
    OptionalLong dram =
        before.energy().dram().isPresent() && after.energy().dram().isPresent()
            ? OptionalLong.of(
                milliwatts(before.energy().dram().get(), after.energy().dram().get(), seconds))
            : OptionalLong.empty();
    return new CpuPower(milliwatts(before.energy().cpu(), after.energy().cpu(), seconds), dram);
  }

  private static long milliwatts(Joules before, Joules after, double seconds) {
    return Math.round(Math.max(0, after.value() - before.value()) * 1000 / seconds);
  }

  ObjectNode into(ObjectNode node) {
    node.put("cpu_mw", packageMilliwatts);
    return dramMilliwatts.isPresent()
        ? node.put("dram_mw", dramMilliwatts.getAsLong())
        : node.putNull("dram_mw");
  }
}
