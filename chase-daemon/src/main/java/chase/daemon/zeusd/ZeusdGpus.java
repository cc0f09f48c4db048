package chase.daemon.zeusd;

import chase.daemon.gpu.SettingChange;
import chase.zeus.engine.Event;
import chase.zeus.engine.Snapshot;
import chase.zeus.gpu.GpuId;
import chase.zeus.gpu.PowerLimits;
import chase.zeus.unit.Joules;
import chase.zeus.unit.Watts;
import io.vertx.core.Future;

/**
 * The GPUs as Zeus's clients ask for them. Any thread may call; what is asked of a card fails with
 * {@link chase.zeus.gpu.GpuException}, what is commanded also with {@link
 * chase.daemon.events.CommandRefused} and {@link chase.daemon.events.CommandFailed}.
 */
public interface ZeusdGpus {
  /** The engine's state. */
  Snapshot snapshot();

  /** The draw at this moment. */
  Future<Watts> powerDraw(GpuId gpu);

  /** The energy counter at this moment. */
  Future<Joules> energy(GpuId gpu);

  /** The limits at this moment. */
  Future<PowerLimits> powerLimits(GpuId gpu);

  /** The persistence mode at this moment. */
  Future<Boolean> persistenceMode(GpuId gpu);

  /** Does a command; completes when it is done. */
  Future<Snapshot> command(Event.Command command);

  /**
   * Turns a knob, for which {@code lease} is taken where something must be undone afterwards;
   * completes when it is done.
   */
  Future<Boolean> turn(SettingChange wish, Event.LeaseTaken lease);
}
