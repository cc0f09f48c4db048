package chase.daemon;

import chase.daemon.gpu.KnobTurn;
import chase.daemon.zeusd.ZeusdGpus;
import chase.zeus.engine.Event;
import chase.zeus.engine.Snapshot;
import chase.zeus.gpu.GpuException;
import chase.zeus.gpu.GpuId;
import chase.zeus.gpu.PowerBound;
import chase.zeus.gpu.PowerLimits;
import chase.zeus.unit.Joules;
import chase.zeus.unit.Watts;
import io.vertx.core.Future;

/** The governor's GPUs, as Zeus's clients ask for them. */
record GovernedGpus(Governor governor) implements ZeusdGpus {
  @Override
  public Snapshot snapshot() {
    return governor.snapshot();
  }

  @Override
  public Future<Watts> powerDraw(GpuId gpu) {
    return governor.ask(rack -> rack.powerDraw(gpu)).compose(draw -> believed(gpu, draw));
  }

  @Override
  public Future<Joules> energy(GpuId gpu) {
    return governor.ask(rack -> rack.energy(gpu));
  }

  @Override
  public Future<PowerLimits> powerLimits(GpuId gpu) {
    return governor.ask(rack -> rack.powerLimits(gpu));
  }

  @Override
  public Future<Boolean> persistenceMode(GpuId gpu) {
    return governor.ask(rack -> rack.persistenceMode(gpu));
  }

  @Override
  public Future<Snapshot> command(Event.Command command) {
    return governor.command(command);
  }

  @Override
  public Future<Boolean> turn(KnobTurn wish, Event.LeaseTaken lease) {
    return governor.turn(wish, lease);
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
