package chase.daemon.zeusd;

import chase.daemon.gpu.SettingChange;
import chase.zeus.engine.Event;
import chase.zeus.engine.SafetyRules;
import chase.zeus.engine.Snapshot;
import chase.zeus.gpu.GpuId;
import chase.zeus.gpu.PowerLimits;
import chase.zeus.policy.PowerPolicy;
import chase.zeus.unit.Joules;
import chase.zeus.unit.Watts;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** A host without GPUs. */
class HostWithoutGpus implements ZeusdGpus {
  @Override
  public Snapshot snapshot() {
    return new Snapshot(
        Instant.EPOCH,
        SafetyRules.Mode.CONTROL,
        false,
        PowerPolicy.max(),
        Optional.empty(),
        List.of());
  }

  @Override
  public Future<Watts> powerDraw(GpuId gpu) {
    return Future.failedFuture("no GPU");
  }

  @Override
  public Future<Joules> energy(GpuId gpu) {
    return Future.failedFuture("no GPU");
  }

  @Override
  public Future<PowerLimits> powerLimits(GpuId gpu) {
    return Future.failedFuture("no GPU");
  }

  @Override
  public Future<Boolean> persistenceMode(GpuId gpu) {
    return Future.failedFuture("no GPU");
  }

  @Override
  public Future<Snapshot> command(Event.Command command) {
    return Future.failedFuture("no GPU");
  }

  @Override
  public Future<Boolean> turn(SettingChange wish, Event.LeaseTaken lease) {
    return Future.failedFuture("no GPU");
  }
}
