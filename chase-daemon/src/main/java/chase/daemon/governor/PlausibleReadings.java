package chase.daemon.governor;

import chase.zeus.energy.MeteredEnergy;
import chase.zeus.engine.GpuView;
import chase.zeus.gpu.GpuException;
import chase.zeus.gpu.GpuId;
import chase.zeus.gpu.PowerBound;
import chase.zeus.unit.Joules;
import chase.zeus.unit.Watts;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Checks what GPUs show at a moment against what they can draw, and lets no energy counter go back.
 * Any thread may call.
 */
final class PlausibleReadings {
  private final Map<GpuId, MonotonicEnergy> returned = new ConcurrentHashMap<>();

  /**
   * The draw; fails with {@link GpuException} when it is more than the GPU can draw. The next
   * reading may be right.
   */
  Future<Watts> power(Optional<GpuView> gpu, Watts draw) {
    return gpu.filter(known -> !PowerBound.of(known.traits()).allows(draw))
        .map(known ->
            Future.<Watts>failedFuture(
                new GpuException(
                    GpuException.Kind.RETRY,
                    "GPU %s reads %s, which is more than it can draw"
                        .formatted(known.traits().id(), draw))))
        .orElseGet(() -> Future.succeededFuture(draw));
  }

  /**
   * The energy shown, but no more than the GPU can have used; unchecked before its first reading.
   */
  Joules energy(Optional<GpuView> gpu, Joules shown, Instant now) {
    Optional<MeteredEnergy> metered = gpu.flatMap(GpuView::meteredEnergy);
    if (metered.isEmpty()) {
      return shown;
    }
    Joules used =
        metered
            .get()
            .joulesAt(
                new MeteredEnergy.EnergyCounter(shown, now), PowerBound.of(gpu.get().traits()));
    return returned
        .compute(
            gpu.get().traits().id(),
            (id, before) ->
                before == null ? MonotonicEnergy.first(metered.get(), used) : before.next(used))
        .joules();
  }
}
