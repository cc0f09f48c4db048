package chase.daemon.host;

import chase.zeus.engine.HostPower;
import chase.zeus.engine.HostPower.PowerSource;
import chase.zeus.unit.Joules;
import chase.zeus.unit.Watts;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

/**
 * Reads the CPUs' energy again and again, off the event loop, and reports what the host draws; or
 * reports what is configured, where it is not to be measured.
 */
public final class HostPowerMonitor extends VerticleBase {
  /** Often enough that no counter goes round twice in between. */
  private static final Duration PERIOD = Duration.ofSeconds(10);

  private final Supplier<List<CpuEnergy>> packages;
  private final IntSupplier gpus;
  private final InstantSource clock;
  private final Consumer<HostPower> listener;
  private boolean measures;
  private PowerAverage meter;
  private long timer = -1;

  /**
   * A monitor that begins to read when it is deployed.
   *
   * @param packages what each package has used so far; may block
   * @param gpus how many GPUs the host has
   * @param measures whether it is to be read
   * @param unmeasured what holds while nothing can be read
   * @param listener is given every draw that differs enough from the last one
   */
  public HostPowerMonitor(
      Supplier<List<CpuEnergy>> packages,
      IntSupplier gpus,
      boolean measures,
      HostPower unmeasured,
      InstantSource clock,
      Consumer<HostPower> listener) {
    this.packages = packages;
    this.gpus = gpus;
    this.measures = measures;
    this.meter = new PowerAverage(unmeasured);
    this.clock = clock;
    this.listener = listener;
  }

  @Override
  public Future<?> start() {
    begin();
    return Future.succeededFuture();
  }

  private void begin() {
    if (measures) {
      timer = vertx.setPeriodic(0, PERIOD.toMillis(), tick -> read());
    }
  }

  /** What is configured counts at once, until something is measured; from any thread. */
  public void apply(boolean measured, HostPower unmeasured) {
    context.runOnContext(now -> {
      vertx.cancelTimer(timer);
      measures = measured;
      meter = new PowerAverage(unmeasured);
      listener.accept(unmeasured);
      begin();
    });
  }

  private void read() {
    PowerAverage asked = meter;
    vertx
        .executeBlocking(packages::get)
        .onSuccess(read -> {
          if (measures && asked == meter) {
            onReading(read);
          }
        });
  }

  private void onReading(List<CpuEnergy> read) {
    meter.add(read, Math.max(1, gpus.getAsInt()), clock.instant()).ifPresent(listener);
  }

  /**
   * Turns what the CPUs have used into what the host draws for each GPU: packages and memory over
   * the number of GPUs, averaged over about ten minutes, so that decisions follow the load and not
   * its noise. Fans, disks and the losses of the power supply are not in it. For one thread.
   */
  static final class PowerAverage {
    private static final Duration AVERAGED = Duration.ofMinutes(10);

    /** A change that is smaller in watts and as a share is not worth a new decision. */
    private static final double MIN_CHANGE_WATTS = 2;

    private static final double MIN_CHANGE_SHARE = 0.05;

    /** What was measured is no figure any more when nothing could be read for this long. */
    private static final Duration FRESH = Duration.ofMinutes(1);

    private final HostPower unmeasured;
    private Optional<EnergyReading> last = Optional.empty();
    private Optional<Instant> readAt = Optional.empty();
    private double mean = Double.NaN;
    private double lastReported = Double.NaN;

    private record EnergyReading(Instant at, double joules) {}

    /**
     * An average of nothing yet.
     *
     * @param unmeasured what holds while nothing can be read
     */
    PowerAverage(HostPower unmeasured) {
      this.unmeasured = unmeasured;
    }

    /**
     * Adds a reading.
     *
     * @param packages what each package has used so far; none when that cannot be read now
     * @param gpus how many GPUs the host has, one at least
     * @return the draw, where it differs enough from the last one returned
     */
    Optional<HostPower> add(List<CpuEnergy> packages, int gpus, Instant now) {
      if (packages.isEmpty()) {
        last = Optional.empty();
        return lapsed(now);
      }
      readAt = Optional.of(now);
      EnergyReading reading =
          new EnergyReading(now, packages.stream().mapToDouble(PowerAverage::joules).sum());
      last.filter(before -> now.isAfter(before.at()) && reading.joules() >= before.joules())
          .ifPresent(before -> average(before, reading));
      last = Optional.of(reading);
      return changed(gpus);
    }

    private Optional<HostPower> lapsed(Instant now) {
      boolean old = readAt.filter(read -> now.isAfter(read.plus(FRESH))).isPresent();
      if (!old || Double.isNaN(lastReported)) {
        return Optional.empty();
      }
      mean = Double.NaN;
      lastReported = Double.NaN;
      return Optional.of(unmeasured);
    }

    private static double joules(CpuEnergy one) {
      return one.cpu().value() + one.dram().map(Joules::value).orElse(0.0);
    }

    private void average(EnergyReading before, EnergyReading now) {
      double seconds = Duration.between(before.at(), now.at()).toNanos() / 1e9;
      double watts = (now.joules() - before.joules()) / seconds;
      double kept = Math.exp(-seconds / AVERAGED.toSeconds());
      mean = Double.isNaN(mean) ? watts : kept * mean + (1 - kept) * watts;
    }

    private Optional<HostPower> changed(int gpus) {
      double each = mean / gpus;
      double change = Math.abs(each - lastReported);
      if (Double.isNaN(each)
          || change < MIN_CHANGE_WATTS
          || change < MIN_CHANGE_SHARE * lastReported) {
        return Optional.empty();
      }
      lastReported = each;
      return Optional.of(new HostPower(new Watts(each), PowerSource.MEASURED));
    }
  }
}
