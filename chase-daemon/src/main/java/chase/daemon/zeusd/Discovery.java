package chase.daemon.zeusd;

import chase.daemon.governor.Governor;
import chase.daemon.host.CpuEnergy;
import chase.zeus.engine.GpuView;
import chase.zeus.engine.Snapshot;
import chase.zeus.gpu.GpuId;
import chase.zeus.gpu.GpuReading;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.Future;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * What a client may find here, as zeusd writes it.
 *
 * @param snapshot the engine's state
 * @param counted whether a GPU counts its energy
 * @param cpus the CPU packages that report their energy
 */
record Discovery(Snapshot snapshot, Map<GpuId, Boolean> counted, List<CpuEnergy> cpus) {
  /**
   * What there is now. A GPU that has not been read yet is read: Zeus's client discovers once and
   * keeps the answer. One that does not answer soon delays no other.
   *
   * @param soon makes an answer one that comes in time
   */
  static Future<Discovery> of(
      Governor governor, List<CpuEnergy> cpus, UnaryOperator<Future<Boolean>> soon) {
    Snapshot snapshot = governor.snapshot();
    Map<GpuId, Future<Boolean>> counted = new LinkedHashMap<>();
    snapshot
        .gpus()
        .forEach(gpu -> counted.put(gpu.traits().id(), soon.apply(isCounted(governor, gpu))));
    return Future.join(List.copyOf(counted.values()))
        .map(all -> {
          Map<GpuId, Boolean> known = new LinkedHashMap<>();
          counted.forEach((gpu, answer) -> known.put(gpu, Boolean.TRUE.equals(answer.result())));
          return new Discovery(snapshot, known, cpus);
        });
  }

  private static Future<Boolean> isCounted(Governor governor, GpuView gpu) {
    return gpu.reading().isPresent()
        ? Future.succeededFuture(gpu.reading().flatMap(GpuReading::energy).isPresent())
        : governor.energy(gpu.traits().id()).map(true).otherwise(false);
  }

  ObjectNode into(ObjectNode body) {
    ArrayNode gpus = body.putArray("gpus");
    snapshot.gpus().forEach(gpu -> write(gpus.addObject(), gpu));
    ArrayNode packages = body.putArray("cpus");
    cpus.forEach(cpu ->
        packages.addObject().put("id", cpu.index()).put("dram_available", cpu.dram().isPresent()));
    ArrayNode groups = body.putArray("enabled_api_groups");
    // Also for a host that is only observed: without it Zeus's library measures nothing either.
    groups.add("gpu-control");
    groups.add("gpu-read");
    if (!cpus.isEmpty()) {
      groups.add("cpu-read");
    }
    return body.put("auth_required", false);
  }

  private void write(ObjectNode node, GpuView gpu) {
    node.put("id", gpu.traits().index());
    node.put("name", gpu.traits().model());
    node.put("pci_address", ZeusdRoutes.GpusByIndex.pciAddress(gpu));
    node.put("cumulative_energy_available", counted.getOrDefault(gpu.traits().id(), false));
  }
}
