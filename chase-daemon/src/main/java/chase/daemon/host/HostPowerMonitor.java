package chase.daemon.host;

import chase.daemon.HostMeter;
import chase.zeus.engine.HostPower;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

/** Reads the CPUs' energy again and again, off the event loop, and tells what the host draws. */
public final class HostPowerMonitor extends VerticleBase {
  /** Often enough that no counter goes round twice in between. */
  private static final Duration PERIOD = Duration.ofSeconds(10);

  private final Supplier<List<CpuEnergy>> packages;
  private final IntSupplier gpus;
  private final InstantSource clock;
  private final Consumer<HostPower> listener;
  private final HostMeter meter;

  /**
   * A feed that begins to read when it is deployed.
   *
   * @param packages what each package has used so far; may block
   * @param gpus how many GPUs the host has
   * @param unmeasured what holds while nothing can be read
   * @param told hears of every draw that is news
   */
  public HostPowerMonitor(
      Supplier<List<CpuEnergy>> packages,
      IntSupplier gpus,
      HostPower unmeasured,
      InstantSource clock,
      Consumer<HostPower> told) {
    this.packages = packages;
    this.gpus = gpus;
    this.meter = new HostMeter(unmeasured);
    this.clock = clock;
    this.listener = told;
  }

  @Override
  public Future<?> start() {
    vertx.setPeriodic(0, PERIOD.toMillis(), tick -> read());
    return Future.succeededFuture();
  }

  private void read() {
    vertx.executeBlocking(packages::get).onSuccess(this::onReading);
  }

  private void onReading(List<CpuEnergy> read) {
    meter.add(read, Math.max(1, gpus.getAsInt()), clock.instant()).ifPresent(listener);
  }
}
