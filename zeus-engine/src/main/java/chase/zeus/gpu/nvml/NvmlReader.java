package chase.zeus.gpu.nvml;

import chase.zeus.gpu.GpuException;
import chase.zeus.gpu.GpuException.Kind;
import chase.zeus.gpu.GpuReading;
import chase.zeus.gpu.PowerLimits;
import chase.zeus.unit.Joules;
import chase.zeus.unit.Watts;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads a GPU with few native calls: one batch, and one call for each value that has no field. How
 * the GPU reports its draw is determined when it is opened.
 */
final class NvmlReader {
  private static final List<FieldReader.Field> GPU_POWER =
      List.of(FieldReader.Field.POWER_AVERAGE, FieldReader.Field.POWER_INSTANT);
  private static final List<FieldReader.Field> MODULE_POWER =
      List.of(FieldReader.Field.MODULE_POWER_AVERAGE, FieldReader.Field.MODULE_POWER_INSTANT);

  private final NvmlDevice device;
  private final FieldReader batch;
  private final boolean modulePower;
  private final Optional<GpmReader> counters;

  NvmlReader(NvmlDevice device) throws GpuException {
    this.device = device;
    this.batch = new FieldReader(device);
    PollRound first = PollRound.of(device, batch);
    boolean gpuTells = keepFirst(GPU_POWER) || first.query(NvmlQuery.POWER_USAGE).isPresent();
    if (gpuTells) {
      batch.exclude(EnumSet.copyOf(MODULE_POWER));
    }
    this.modulePower = keepFirst(MODULE_POWER);
    this.counters = GpmReader.of(device);
  }

  /** Excludes what comes after the first field that the GPU has; false when it has none. */
  private boolean keepFirst(List<FieldReader.Field> preferred) {
    for (int i = 0; i < preferred.size(); i++) {
      if (batch.isSupported(preferred.get(i))) {
        batch.exclude(Set.copyOf(preferred.subList(i + 1, preferred.size())));
        return true;
      }
    }
    return false;
  }

  /** Whether the draw is that of CPU and GPU together, because the GPU's own is not reported. */
  boolean readsModulePower() {
    return modulePower;
  }

  /** Frees the driver's memory; from any thread, any number of times. */
  void close() {
    counters.ifPresent(GpmReader::close);
  }

  /**
   * One sample.
   *
   * @throws GpuException when nothing could be read, or GPU or driver are gone
   */
  GpuReading read() throws GpuException {
    PollRound sample = PollRound.of(device, batch);
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

  private static Optional<PowerLimits> limits(PollRound sample) throws GpuException {
    Optional<Watts> requested =
        watts(sample.fieldOrQuery(FieldReader.Field.REQUESTED_LIMIT, NvmlQuery.REQUESTED_LIMIT));
    Optional<Watts> enforced =
        watts(sample.fieldOrQuery(FieldReader.Field.ENFORCED_LIMIT, NvmlQuery.ENFORCED_LIMIT));
    return requested.flatMap(wish -> enforced.map(force -> new PowerLimits(wish, force)));
  }

  private OptionalLong power(PollRound sample) throws GpuException {
    for (FieldReader.Field field : modulePower ? MODULE_POWER : GPU_POWER) {
      OptionalLong told = sample.field(field);
      if (told.isPresent()) {
        return told;
      }
    }
    // A module's draw and a GPU's must not alternate in one series.
    return modulePower ? OptionalLong.empty() : sample.query(NvmlQuery.POWER_USAGE);
  }

  private static Optional<Joules> energy(PollRound sample) throws GpuException {
    OptionalLong told = sample.fieldOrQuery(FieldReader.Field.ENERGY, NvmlQuery.ENERGY);
    return told.isPresent()
        ? Optional.of(Joules.ofMillijoules(told.getAsLong()))
        : Optional.empty();
  }

  private static OptionalDouble utilization(PollRound sample) throws GpuException {
    OptionalLong percent = sample.query(NvmlQuery.UTILIZATION);
    return percent.isPresent()
        ? OptionalDouble.of(Math.min(percent.getAsLong(), 100) / 100.0)
        : OptionalDouble.empty();
  }

  private static Optional<Set<GpuReading.ClockEventReason>> reasons(PollRound sample)
      throws GpuException {
    OptionalLong mask = sample.query(NvmlQuery.EVENT_REASONS);
    if (mask.isEmpty()) {
      mask = sample.query(NvmlQuery.THROTTLE_REASONS);
    }
    return mask.isPresent()
        ? Optional.of(GpuReading.ClockEventReason.ofMask(mask.getAsLong()))
        : Optional.empty();
  }

  private static Optional<Duration> capped(PollRound sample) {
    OptionalLong nanos = sample.field(FieldReader.Field.POWER_CAPPED);
    return nanos.isPresent() ? Optional.of(Duration.ofNanos(nanos.getAsLong())) : Optional.empty();
  }

  private static Optional<Boolean> persistence(PollRound sample) throws GpuException {
    OptionalLong mode = sample.query(NvmlQuery.PERSISTENCE_MODE);
    return mode.isPresent() ? Optional.of(mode.getAsLong() == 1) : Optional.empty();
  }

  /** A GPU with counters uses no other source: two sources must not alternate in one series. */
  private Optional<GpuReading.Activity> activity(
      PollRound sample, OptionalDouble utilization, OptionalInt smClock) throws GpuException {
    Optional<GpmReader> alive = counters.filter(samples -> !samples.isDead());
    return alive.isPresent()
        ? activity(sample.gpmUtilization(alive.get()), smClock, GpuReading.Activity.Source.GPM)
        : activity(utilization, smClock, GpuReading.Activity.Source.CLOCK);
  }

  private static Optional<GpuReading.Activity> activity(
      OptionalDouble share, OptionalInt smClock, GpuReading.Activity.Source source) {
    return share.isPresent() && smClock.isPresent()
        ? Optional.of(GpuReading.Activity.of(share.getAsDouble(), smClock.getAsInt(), source))
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

  /** The draw at one moment: the instantaneous field where the GPU has it, else its own average. */
  static final class InstantPower {
    private final NvmlDevice device;
    private final FieldReader batch;
    private final FieldReader.Field field;

    InstantPower(NvmlDevice device, boolean moduleOnly) {
      this.device = device;
      this.batch = new FieldReader(device);
      this.field =
          moduleOnly ? FieldReader.Field.MODULE_POWER_INSTANT : FieldReader.Field.POWER_INSTANT;
      this.batch.exclude(EnumSet.complementOf(EnumSet.of(field)));
    }

    Watts read() throws GpuException {
      Long told = batch.read().get(field);
      long milliwatts =
          told != null
              ? told
              : device
                  .query(NvmlQuery.POWER_USAGE)
                  .orElseThrow(() -> device.refusal("it tells no power draw"));
      return Watts.ofMilliwatts(milliwatts);
    }
  }

  /**
   * One round of queries to a GPU. A temporary failure loses only its own value; a lost GPU or
   * driver ends the round.
   */
  static final class PollRound {
    private final NvmlDevice device;
    private Map<FieldReader.Field, Long> fields = Map.of();
    private boolean told;
    private @Nullable GpuException failure;

    private PollRound(NvmlDevice device) {
      this.device = device;
    }

    static PollRound of(NvmlDevice device, FieldReader batch) throws GpuException {
      PollRound sample = new PollRound(device);
      try {
        sample.fields = batch.read();
        sample.told = !sample.fields.isEmpty();
      } catch (GpuException e) {
        sample.keepFailure(e);
      }
      return sample;
    }

    /** The value of a field, where the batched call returned one. */
    OptionalLong field(FieldReader.Field field) {
      Long value = fields.get(field);
      return value == null ? OptionalLong.empty() : OptionalLong.of(value);
    }

    /** The result of a single call, empty where there is none, or none this time. */
    OptionalLong query(NvmlQuery query) throws GpuException {
      try {
        OptionalLong answer = device.query(query);
        told |= answer.isPresent();
        return answer;
      } catch (GpuException e) {
        keepFailure(e);
        return OptionalLong.empty();
      }
    }

    /** The utilization from the GPU's counters, empty where there is none this time. */
    OptionalDouble gpmUtilization(GpmReader counters) throws GpuException {
      try {
        return counters.utilization();
      } catch (GpuException e) {
        keepFailure(e);
        return OptionalDouble.empty();
      }
    }

    /** The field, or else the single call. */
    OptionalLong fieldOrQuery(FieldReader.Field field, NvmlQuery query) throws GpuException {
      OptionalLong batched = field(field);
      return batched.isPresent() ? batched : query(query);
    }

    /**
     * Ends the round.
     *
     * @throws GpuException the first failure, when nothing at all was read
     */
    void finish() throws GpuException {
      if (!told) {
        throw failure == null ? device.refusal("the driver tells nothing about it") : failure;
      }
    }

    private void keepFailure(GpuException e) throws GpuException {
      if (e.kind() == Kind.LOST || e.kind() == Kind.REOPEN) {
        throw e;
      }
      if (failure == null) {
        failure = e;
      }
    }
  }
}
