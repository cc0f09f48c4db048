package chase.daemon.gpu;

import chase.zeus.gpu.Gpu;
import chase.zeus.gpu.GpuId;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Puts back all that is on record of one GPU, on the thread that owns it. */
record CardRestore(Gpu gpu, Journals journals) {
  /** What became of it; nothing when nothing is on record. */
  List<RestoreOutcome> restore() {
    GpuId id = gpu.traits().id();
    Optional<RestoreOutcome> knobs =
        journals.knobs().entry(id).map(new KnobRestore(gpu, journals.knobs())::restore);
    Optional<RestoreOutcome> limit =
        journals.limits().entry(id).map(new GpuRestore(gpu, journals.limits())::restore);
    return Stream.of(limit, knobs).flatMap(Optional::stream).toList();
  }

  /** The outcomes when the card gave no answer. */
  List<RestoreOutcome> failed(String why) {
    GpuId id = gpu.traits().id();
    return Stream.of(
            journals.limits().entry(id).map(entry -> GpuRestore.failed(gpu, entry, why)),
            journals.knobs().entry(id).map(turned -> KnobRestore.failed(gpu, turned, why)))
        .flatMap(Optional::stream)
        .toList();
  }
}
