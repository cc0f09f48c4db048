package chase.daemon;

import chase.daemon.governor.Governor;
import chase.daemon.governor.MonotonicEnergy;
import chase.daemon.gpu.SettingChange;
import chase.daemon.zeusd.ZeusdGpus;
import chase.zeus.energy.MeteredEnergy;
import chase.zeus.engine.Event;
import chase.zeus.engine.GpuView;
import chase.zeus.engine.Snapshot;
import chase.zeus.gpu.Gpu;
import chase.zeus.gpu.GpuException;
import chase.zeus.gpu.GpuId;
import chase.zeus.gpu.PowerBound;
import chase.zeus.gpu.PowerLimits;
import chase.zeus.unit.Joules;
import chase.zeus.unit.Watts;
import io.vertx.core.Future;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The governor's GPUs, as Zeus's clients ask for them. */
final class GovernedGpus implements ZeusdGpus {
  private final Governor governor;
  private final InstantSource clock;
  private final Map<GpuId, MonotonicEnergy> answered = new ConcurrentHashMap<>();

  GovernedGpus(Governor governor, InstantSource clock) {
    this.governor = governor;
    this.clock = clock;
  }

  @Override
  public Snapshot snapshot() {
    return governor.snapshot();
  }

  @Override
  public Future<Watts> powerDraw(GpuId gpu) {
    return governor
        .onGpus(pool -> pool.read(gpu, Gpu::powerDraw))
        .compose(draw -> believed(gpu, draw));
  }

  @Override
  public Future<Joules> energy(GpuId gpu) {
    return governor.onGpus(pool -> pool.read(gpu, Gpu::energy)).map(shown -> believed(gpu, shown));
  }

  @Override
  public Future<PowerLimits> powerLimits(GpuId gpu) {
    return governor.onGpus(pool -> pool.read(gpu, Gpu::powerLimits));
  }

  @Override
  public Future<Boolean> persistenceMode(GpuId gpu) {
    return governor.onGpus(pool -> pool.read(gpu, opened -> opened.settings().persistenceMode()));
  }

  @Override
  public Future<Snapshot> command(Event.Command command) {
    return governor.command(command);
  }

  @Override
  public Future<Boolean> turn(SettingChange wish, Event.LeaseTaken lease) {
    return governor.changeSetting(wish, lease);
  }

  /**
   * What the counter shows, where that can be; before the card was read nothing speaks against it.
   */
  private Joules believed(GpuId gpu, Joules shown) {
    Optional<GpuView> card = snapshot().gpu(gpu);
    Optional<MeteredEnergy> metered = card.flatMap(GpuView::meteredEnergy);
    if (metered.isEmpty()) {
      return shown;
    }
    Joules used =
        metered
            .get()
            .joulesAt(
                new MeteredEnergy.EnergyCounter(shown, clock.instant()),
                PowerBound.of(card.get().traits()));
    return answered
        .compute(
            gpu,
            (id, before) ->
                before == null ? MonotonicEnergy.first(metered.get(), used) : before.next(used))
        .joules();
  }

  /** A draw that the card cannot have is no answer; the next one may be. */
  private Future<Watts> believed(GpuId gpu, Watts draw) {
    boolean possible =
        snapshot().gpu(gpu).filter(card -> !PowerBound.of(card.traits()).allows(draw)).isEmpty();
    return possible
        ? Future.succeededFuture(draw)
        : Future.failedFuture(
            new GpuException(
                GpuException.Kind.RETRY,
                "GPU " + gpu + " reads " + draw + ", which is more than it can draw"));
  }
}
