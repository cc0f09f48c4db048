package chase.daemon.zeusd;

import chase.daemon.host.CpuEnergy;
import chase.zeus.engine.GpuView;
import chase.zeus.engine.Mode;
import chase.zeus.engine.Snapshot;
import chase.zeus.gpu.GpuReading;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * What a client may find here, as zeusd writes it.
 *
 * @param snapshot the engine's state
 * @param cpus the CPU packages that tell their energy
 */
record Discovery(Snapshot snapshot, List<CpuEnergy> cpus) {
  ObjectNode into(ObjectNode body) {
    ArrayNode gpus = body.putArray("gpus");
    snapshot.gpus().forEach(gpu -> write(gpus.addObject(), gpu));
    ArrayNode packages = body.putArray("cpus");
    cpus.forEach(cpu ->
        packages.addObject().put("id", cpu.index()).put("dram_available", cpu.dram().isPresent()));
    ArrayNode groups = body.putArray("enabled_api_groups");
    if (snapshot.mode() == Mode.CONTROL) {
      groups.add("gpu-control");
    }
    groups.add("gpu-read");
    if (!cpus.isEmpty()) {
      groups.add("cpu-read");
    }
    return body.put("auth_required", false);
  }

  private static void write(ObjectNode node, GpuView gpu) {
    node.put("id", gpu.traits().index());
    node.put("name", gpu.traits().model());
    node.put("pci_address", Fleet.pciAddress(gpu));
    node.put("cumulative_energy_available", gpu.reading().flatMap(GpuReading::energy).isPresent());
  }
}
