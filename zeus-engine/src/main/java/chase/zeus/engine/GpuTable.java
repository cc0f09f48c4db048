package chase.zeus.engine;

import chase.zeus.engine.KeptState.KeptGpu;
import chase.zeus.gpu.GpuId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/** The GPUs that were ever opened, in the driver's order. Used by the engine's thread only. */
final class GpuTable {
  private static final Comparator<GpuState> DRIVER_ORDER =
      Comparator.comparingInt(gpu -> gpu.traits().index());

  private final List<GpuState> opened = new ArrayList<>();
  private final Map<GpuId, GpuState> byId = new HashMap<>();

  /** What was asked before a restart for GPUs that have not been opened since. */
  private final Map<GpuId, KeptGpu> absent = new HashMap<>();

  List<GpuState> all() {
    return Collections.unmodifiableList(opened);
  }

  Optional<GpuState> find(GpuId id) {
    return Optional.ofNullable(byId.get(id));
  }

  /** The GPUs of a job, in whatever order it named them. */
  List<GpuState> of(JobState job) {
    return job.spec().gpus().stream()
        .flatMap(gpu -> find(gpu).stream())
        .sorted(DRIVER_ORDER)
        .toList();
  }

  void add(GpuState gpu) {
    opened.add(gpu);
    opened.sort(DRIVER_ORDER);
    byId.put(gpu.id(), gpu);
    Optional.ofNullable(absent.remove(gpu.id())).ifPresent(gpu.hold()::restart);
  }

  /** What is kept over a restart waits until its GPU is opened. */
  void restart(KeptState kept) {
    kept.gpus().forEach(gpu -> absent.put(gpu.gpu(), gpu));
  }

  /** What outlives a restart at {@code now}. */
  List<KeptGpu> kept(Instant now) {
    return Stream.concat(
            opened.stream().map(gpu -> gpu.hold().kept(gpu.id(), now)), absent.values().stream())
        .filter(kept -> !kept.isEmpty())
        .toList();
  }

  /** What holds the limits of single GPUs, of one kind. */
  <T> Map<GpuId, T> held(Function<LimitHold, Optional<T>> kind) {
    Map<GpuId, T> found = new HashMap<>();
    opened.forEach(gpu -> kind.apply(gpu.hold()).ifPresent(held -> found.put(gpu.id(), held)));
    return found;
  }
}
