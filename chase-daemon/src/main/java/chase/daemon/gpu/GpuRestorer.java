package chase.daemon.gpu;

import chase.zeus.gpu.Gpu;
import chase.zeus.gpu.GpuId;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Puts back all that is on record of one GPU, on the thread that owns it. */
record GpuRestorer(Gpu gpu, GpuJournals journals) {
  /** What became of it; nothing when nothing is on record. */
  List<RestoreOutcome> restore() {
    GpuId id = gpu.traits().id();
    KnobRestore knobs = new KnobRestore(gpu, journals.settings());
    GpuRestore limits = new GpuRestore(gpu, journals.limits());
    Optional<RestoreOutcome> knob =
        journals
            .settings()
            .entry(id)
            .map(knobs::restore)
            .or(() -> journals.settings().file().loss().map(knobs::leftover));
    Optional<RestoreOutcome> limit =
        journals
            .limits()
            .entry(id)
            .map(limits::restore)
            .or(() -> journals.limits().file().loss().flatMap(loss -> limits.findLeftover()));
    return Stream.of(limit, knob).flatMap(Optional::stream).toList();
  }

  /** The outcomes when the card gave no answer. */
  List<RestoreOutcome> failed(String why) {
    GpuId id = gpu.traits().id();
    return Stream.of(
            journals.limits().entry(id).map(entry -> GpuRestore.failed(gpu, entry, why)),
            journals.settings().entry(id).map(turned -> KnobRestore.failed(gpu, turned, why)))
        .flatMap(Optional::stream)
        .toList();
  }
}
