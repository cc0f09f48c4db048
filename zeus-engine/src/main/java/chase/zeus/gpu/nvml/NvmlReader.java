package chase.zeus.gpu.nvml;

import chase.zeus.gpu.Activity;
import chase.zeus.gpu.ClockEventReason;
import chase.zeus.gpu.GpuException;
import chase.zeus.gpu.GpuReading;
import chase.zeus.gpu.PowerLimits;
import chase.zeus.unit.Joules;
import chase.zeus.unit.Watts;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Reads a card with few native calls: one batch, and one call for each thing that has no field. How
 * the card tells its draw is found when it is opened.
 */
final class NvmlReader {
  private static final List<Field> GPU_POWER = List.of(Field.POWER_AVERAGE, Field.POWER_INSTANT);
  private static final List<Field> MODULE_POWER =
      List.of(Field.MODULE_POWER_AVERAGE, Field.MODULE_POWER_INSTANT);

  private final NvmlDevice device;
  private final FieldReader batch;
  private final boolean modulePower;
  private final Optional<GpmReader> counters;

  NvmlReader(NvmlDevice device) throws GpuException {
    this.device = device;
    this.batch = new FieldReader(device);
    Sample first = Sample.of(device, batch);
    boolean gpuTells = keepFirst(GPU_POWER) || first.query(NvmlQuery.POWER_USAGE).isPresent();
    if (gpuTells) {
      batch.exclude(EnumSet.copyOf(MODULE_POWER));
    }
    this.modulePower = keepFirst(MODULE_POWER);
    this.counters = GpmReader.of(device);
  }

  /** Drops what comes after the first field that the card has; false when it has none. */
  private boolean keepFirst(List<Field> preferred) {
    for (int i = 0; i < preferred.size(); i++) {
      if (batch.isSupported(preferred.get(i))) {
        batch.exclude(Set.copyOf(preferred.subList(i + 1, preferred.size())));
        return true;
      }
    }
    return false;
  }

  /** Whether the draw read is that of CPU and GPU together, for want of the GPU's own. */
  boolean readsModulePower() {
    return modulePower;
  }

  /** Gives the driver's memory back; from any thread, any number of times. */
  void close() {
    counters.ifPresent(GpmReader::close);
  }

  /**
   * One sample.
   *
   * @throws GpuException when nothing could be read, or card or driver are gone
   */
  GpuReading read() throws GpuException {
    Sample sample = Sample.of(device, batch);
    OptionalDouble utilization = utilization(sample);
    OptionalInt smClock = whole(sample.query(NvmlQuery.SM_CLOCK));
    GpuReading reading =
        new GpuReading(
            limits(sample),
            watts(power(sample)),
            energy(sample),
            utilization,
            smClock,
            whole(sample.query(NvmlQuery.MEMORY_CLOCK)),
            whole(sample.query(NvmlQuery.TEMPERATURE)),
            reasons(sample),
            capped(sample),
            persistence(sample),
            activity(sample, utilization, smClock));
    sample.finish();
    return reading;
  }

  private static Optional<PowerLimits> limits(Sample sample) throws GpuException {
    Optional<Watts> requested =
        watts(sample.fieldOrQuery(Field.REQUESTED_LIMIT, NvmlQuery.REQUESTED_LIMIT));
    Optional<Watts> enforced =
        watts(sample.fieldOrQuery(Field.ENFORCED_LIMIT, NvmlQuery.ENFORCED_LIMIT));
    return requested.flatMap(wish -> enforced.map(force -> new PowerLimits(wish, force)));
  }

  private OptionalLong power(Sample sample) throws GpuException {
    for (Field field : modulePower ? MODULE_POWER : GPU_POWER) {
      OptionalLong told = sample.field(field);
      if (told.isPresent()) {
        return told;
      }
    }
    // A module's draw and a GPU's must not take turns in one series.
    return modulePower ? OptionalLong.empty() : sample.query(NvmlQuery.POWER_USAGE);
  }

  private static Optional<Joules> energy(Sample sample) throws GpuException {
    OptionalLong told = sample.fieldOrQuery(Field.ENERGY, NvmlQuery.ENERGY);
    return told.isPresent()
        ? Optional.of(Joules.ofMillijoules(told.getAsLong()))
        : Optional.empty();
  }

  private static OptionalDouble utilization(Sample sample) throws GpuException {
    OptionalLong percent = sample.query(NvmlQuery.UTILIZATION);
    return percent.isPresent()
        ? OptionalDouble.of(Math.min(percent.getAsLong(), 100) / 100.0)
        : OptionalDouble.empty();
  }

  private static Optional<Set<ClockEventReason>> reasons(Sample sample) throws GpuException {
    OptionalLong mask = sample.query(NvmlQuery.EVENT_REASONS);
    if (mask.isEmpty()) {
      mask = sample.query(NvmlQuery.THROTTLE_REASONS);
    }
    return mask.isPresent()
        ? Optional.of(ClockEventReason.ofMask(mask.getAsLong()))
        : Optional.empty();
  }

  private static Optional<Duration> capped(Sample sample) {
    OptionalLong nanos = sample.field(Field.POWER_CAPPED);
    return nanos.isPresent() ? Optional.of(Duration.ofNanos(nanos.getAsLong())) : Optional.empty();
  }

  private static Optional<Boolean> persistence(Sample sample) throws GpuException {
    OptionalLong mode = sample.query(NvmlQuery.PERSISTENCE_MODE);
    return mode.isPresent() ? Optional.of(mode.getAsLong() == 1) : Optional.empty();
  }

  /** A card that has counters tells nothing else: two sources must not take turns in one series. */
  private Optional<Activity> activity(
      Sample sample, OptionalDouble utilization, OptionalInt smClock) throws GpuException {
    Optional<GpmReader> alive = counters.filter(samples -> !samples.isDead());
    return alive.isPresent()
        ? activity(sample.gpmUtilization(alive.get()), smClock, Activity.Source.GPM)
        : activity(utilization, smClock, Activity.Source.CLOCK);
  }

  private static Optional<Activity> activity(
      OptionalDouble share, OptionalInt smClock, Activity.Source source) {
    return share.isPresent() && smClock.isPresent()
        ? Optional.of(Activity.of(share.getAsDouble(), smClock.getAsInt(), source))
        : Optional.empty();
  }

  private static Optional<Watts> watts(OptionalLong milliwatts) {
    return milliwatts.isPresent()
        ? Optional.of(Watts.ofMilliwatts(milliwatts.getAsLong()))
        : Optional.empty();
  }

  private static OptionalInt whole(OptionalLong value) {
    return value.isPresent() ? OptionalInt.of((int) value.getAsLong()) : OptionalInt.empty();
  }
}
