package chase.daemon.gpu;

import chase.daemon.events.CommandRefused;
import chase.zeus.engine.Engine;
import chase.zeus.engine.Event;
import chase.zeus.engine.Lease;
import chase.zeus.engine.Refusal;
import chase.zeus.engine.Snapshot;
import chase.zeus.gpu.GpuId;
import io.vertx.core.Future;
import java.util.Optional;
import java.util.function.Function;

/**
 * Changes settings of GPUs for users. What must be undone later takes a lease of the GPU, and is
 * undone when the lease ends. Used on the governor's context.
 */
public final class SettingLeases {
  private final Engine engine;
  private final GpuPool pool;
  private final Function<Event, Optional<Refusal>> events;

  /**
   * Leases in that engine.
   *
   * @param events hands the engine a lease that begins or ends, and returns why it refuses it
   */
  public SettingLeases(Engine engine, GpuPool pool, Function<Event, Optional<Refusal>> events) {
    this.engine = engine;
    this.pool = pool;
    this.events = events;
  }

  /**
   * Changes a setting; completes when it is changed.
   *
   * @return fails with {@link CommandRefused} when the engine refuses the lease, and with {@link
   *     chase.zeus.gpu.GpuException} when the GPU did not do it
   */
  public Future<Boolean> change(SettingChange change, Event.LeaseTaken lease) {
    return switch (change) {
      case SettingChange.LockClocks lock -> changeUnderLease(lock, lease);
      case SettingChange.UnlockClocks unlock -> unlock(unlock, lease);
      // Leased even where the mode is that already: so begins Zeus's power-limit search, whose
      // library sends no limit that the GPU has, so that nothing else would show it.
      case SettingChange.PersistenceMode persistence -> changeUnderLease(persistence, lease);
    };
  }

  /** Unlocking needs no lease, but renews the one that is there. */
  private Future<Boolean> unlock(SettingChange change, Event.LeaseTaken lease) {
    boolean leased = engine.snapshot().leaseOn(lease.gpu()).isPresent();
    Optional<Refusal> refusal = leased ? events.apply(lease) : engine.refusal(lease);
    if (refusal.isPresent()) {
      return Future.failedFuture(new CommandRefused(refusal.get()));
    }
    return pool.change(lease.gpu(), change).onComplete(done -> endIfIdle(lease));
  }

  private Future<Boolean> changeUnderLease(SettingChange change, Event.LeaseTaken lease) {
    boolean renewed = engine.snapshot().leaseOn(lease.gpu()).isPresent();
    Optional<Refusal> refusal = events.apply(lease);
    if (refusal.isPresent()) {
      return Future.failedFuture(new CommandRefused(refusal.get()));
    }
    return pool.change(lease.gpu(), change)
        .onFailure(failure -> {
          if (!renewed) {
            endIfIdle(lease);
          }
        });
  }

  /** A lease under which nothing is set any more has no purpose. */
  private void endIfIdle(Event.LeaseTaken request) {
    boolean idle =
        engine
            .snapshot()
            .leaseOn(request.gpu())
            .filter(lease -> lease.limit().isEmpty() && !pool.hasChangedSettings(request.gpu()))
            .isPresent();
    if (idle) {
      var _ = events.apply(new Event.LeaseEnded(request.gpu(), request.at()));
    }
  }

  /** Undoes what was changed on GPUs whose lease ended between two states. */
  public void undoEnded(Snapshot before, Snapshot after) {
    for (GpuId gpu : before.leases().keySet()) {
      Optional<Lease> still = after.leaseOn(gpu);
      if (still.isEmpty() && pool.hasChangedSettings(gpu)) {
        pool.undoChanges(gpu);
      }
    }
  }
}
