package chase.daemon.zeusd;

import chase.zeus.engine.GpuView;
import chase.zeus.engine.Snapshot;
import chase.zeus.gpu.GpuId;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The GPUs by the numbers that zeusd calls them by, which are the driver's.
 *
 * @param snapshot the engine's state
 */
record Fleet(Snapshot snapshot) {
  List<Integer> indices() {
    return snapshot.gpus().stream().map(gpu -> gpu.traits().index()).toList();
  }

  GpuView view(int index) {
    return find(index).orElseThrow();
  }

  GpuId id(int index) {
    return view(index).traits().id();
  }

  /** The first of {@code indices} that is no GPU's. */
  Optional<Integer> unknown(List<Integer> indices) {
    return indices.stream().filter(index -> find(index).isEmpty()).findFirst();
  }

  private Optional<GpuView> find(int index) {
    return snapshot.gpus().stream().filter(gpu -> gpu.traits().index() == index).findFirst();
  }

  /**
   * The address as {@code lspci -D} writes it, from the driver's, whose domain has eight digits;
   * blank where the driver tells none.
   */
  static String pciAddress(GpuView gpu) {
    return gpu.traits()
        .pciBusId()
        .map(id -> id.toLowerCase(Locale.ROOT).replaceFirst("^0000(?=[0-9a-f]{4}:)", ""))
        .orElse("");
  }
}
