package chase.daemon.governor;

import chase.daemon.gpu.DriverState;
import chase.daemon.gpu.SettingChange;
import chase.daemon.host.HostProcess;
import chase.daemon.restart.WatchedProcesses;
import chase.zeus.engine.Event;
import chase.zeus.engine.Snapshot;
import chase.zeus.gpu.GpuId;
import chase.zeus.gpu.PowerLimits;
import chase.zeus.unit.Joules;
import chase.zeus.unit.Watts;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The engine and the GPUs, as the rest of the daemon uses them. Any thread may call; what reads or
 * changes a GPU fails with {@link chase.zeus.gpu.GpuException} when the GPU does not do it.
 */
public interface Governor {
  /** The engine's state after its last event. */
  Snapshot snapshot();

  /**
   * Executes a command; completes with the state after it, once every order that it caused was
   * carried out.
   *
   * @return fails with {@link chase.daemon.events.CommandRefused} when the engine refuses it and
   *     nothing changed, and with {@link chase.daemon.events.CommandFailed} when a GPU did not do
   *     what it asks
   */
  Future<Snapshot> command(Event.Command command);

  /**
   * Changes a setting of a GPU for a user; completes when it is changed.
   *
   * @param lease what the user holds from then on, where something must be undone afterwards
   * @return fails also with {@link chase.daemon.events.CommandRefused} when the engine refuses the
   *     lease
   */
  Future<Boolean> changeSetting(SettingChange change, Event.LeaseTaken lease);

  /** Where the GPU driver stands. */
  DriverState driver();

  /** The GPUs that never answered, and what is on record of them. */
  DriverState.UnansweredGpus unanswered();

  /**
   * Restores all limits and settings, and closes the driver until {@code until}; see {@link
   * chase.daemon.gpu.GpuPool#release}.
   */
  Future<DriverState> releaseDriver(Instant until);

  /** Opens a released driver; completes with its state when that was tried. */
  Future<DriverState> reopenDriver();

  /** The draw of a GPU at this moment. */
  Future<Watts> powerDraw(GpuId gpu);

  /** The energy counter of a GPU at this moment; it never goes back. */
  Future<Joules> energy(GpuId gpu);

  /** The limits of a GPU at this moment. */
  Future<PowerLimits> powerLimits(GpuId gpu);

  /** The persistence mode of a GPU at this moment. */
  Future<Boolean> persistenceMode(GpuId gpu);

  /** The processes on GPUs without a registered job, as last seen. */
  Map<GpuId, List<HostProcess>> unregisteredProcesses();

  /** The processes on every GPU whose driver shows them, as of the last few seconds. */
  Future<Map<GpuId, List<HostProcess>>> processes();

  /** What a restart would get wrong because it could not be saved; empty while all is saved. */
  Optional<String> unsaved();

  /** The processes with which jobs and leases end; they are kept over a restart. */
  WatchedProcesses watched();
}
