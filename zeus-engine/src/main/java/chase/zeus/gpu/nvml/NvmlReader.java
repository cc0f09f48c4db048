package chase.zeus.gpu.nvml;

import chase.zeus.gpu.GpuException;
import chase.zeus.gpu.GpuException.Kind;
import chase.zeus.gpu.GpuReading;
import chase.zeus.gpu.GpuReading.Activity;
import chase.zeus.gpu.GpuReading.ClockEventReason;
import chase.zeus.gpu.PowerLimits;
import chase.zeus.gpu.nvml.FieldReader.NvmlField;
import chase.zeus.unit.Joules;
import chase.zeus.unit.Watts;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads a GPU with few native calls: one batch, and one call for each value that has no field. How
 * the GPU reports its draw is determined when it is opened.
 */
final class NvmlReader {
  private static final List<NvmlField> GPU_POWER =
      List.of(NvmlField.POWER_AVERAGE, NvmlField.POWER_INSTANT);
  private static final List<NvmlField> MODULE_POWER =
      List.of(NvmlField.MODULE_POWER_AVERAGE, NvmlField.MODULE_POWER_INSTANT);

  private final NvmlDevice device;
  private final FieldReader batch;
  private final boolean modulePower;
  private final Optional<GpmReader> counters;

  NvmlReader(NvmlDevice device) throws GpuException {
    this.device = device;
    this.batch = new FieldReader(device);
    PollRound first = PollRound.of(device, batch);
    boolean reportsGpuPower =
        keepFirst(GPU_POWER) || first.query(NvmlQuery.POWER_USAGE).isPresent();
    if (reportsGpuPower) {
      batch.exclude(EnumSet.copyOf(MODULE_POWER));
    }
    this.modulePower = keepFirst(MODULE_POWER);
    this.counters = GpmReader.of(device);
  }

  /** Excludes what comes after the first field that the GPU has; false when it has none. */
  private boolean keepFirst(List<NvmlField> preferred) {
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
    PollRound round = PollRound.of(device, batch);
    Optional<Double> utilization =
        round.query(NvmlQuery.UTILIZATION).map(percent -> Math.min(percent, 100) / 100.0);
    Optional<Integer> smClock = round.query(NvmlQuery.SM_CLOCK).map(Long::intValue);
    GpuReading reading =
        new GpuReading(
            limits(round),
            power(round).map(Watts::ofMilliwatts),
            round.fieldOrQuery(NvmlField.ENERGY, NvmlQuery.ENERGY).map(Joules::ofMillijoules),
            utilization,
            smClock,
            round.query(NvmlQuery.MEMORY_CLOCK).map(Long::intValue),
            round.query(NvmlQuery.TEMPERATURE).map(Long::intValue),
            reasons(round),
            round.field(NvmlField.POWER_CAPPED).map(Duration::ofNanos),
            round.query(NvmlQuery.PERSISTENCE_MODE).map(mode -> mode == 1),
            activity(round, utilization, smClock));
    round.finish();
    return reading;
  }

  private static Optional<PowerLimits> limits(PollRound round) throws GpuException {
    Optional<Long> requested =
        round.fieldOrQuery(NvmlField.REQUESTED_LIMIT, NvmlQuery.REQUESTED_LIMIT);
    Optional<Long> enforced =
        round.fieldOrQuery(NvmlField.ENFORCED_LIMIT, NvmlQuery.ENFORCED_LIMIT);
    return requested.flatMap(limit ->
        enforced.map(
            lowest -> new PowerLimits(Watts.ofMilliwatts(limit), Watts.ofMilliwatts(lowest))));
  }

  private Optional<Long> power(PollRound round) throws GpuException {
    for (NvmlField field : modulePower ? MODULE_POWER : GPU_POWER) {
      Optional<Long> milliwatts = round.field(field);
      if (milliwatts.isPresent()) {
        return milliwatts;
      }
    }
    // A module's draw and a GPU's must not alternate in one series.
    return modulePower ? Optional.empty() : round.query(NvmlQuery.POWER_USAGE);
  }

  private static Optional<Set<ClockEventReason>> reasons(PollRound round) throws GpuException {
    Optional<Long> mask = round.query(NvmlQuery.EVENT_REASONS);
    return (mask.isPresent() ? mask : round.query(NvmlQuery.THROTTLE_REASONS))
        .map(ClockEventReason::ofMask);
  }

  /** A GPU with counters uses no other source: two sources must not alternate in one series. */
  private Optional<Activity> activity(
      PollRound round, Optional<Double> utilization, Optional<Integer> smClock)
      throws GpuException {
    Optional<GpmReader> working = counters.filter(gpm -> !gpm.isDead());
    return working.isPresent()
        ? activity(round.gpmUtilization(working.get()), smClock, Activity.Source.GPM)
        : activity(utilization, smClock, Activity.Source.CLOCK);
  }

  private static Optional<Activity> activity(
      Optional<Double> share, Optional<Integer> smClock, Activity.Source source) {
    return share.flatMap(busy -> smClock.map(clock -> Activity.of(busy, clock, source)));
  }

  /** The draw at one moment: the instantaneous field where the GPU has it, else its own average. */
  static final class InstantPower {
    private final NvmlDevice device;
    private final FieldReader batch;
    private final NvmlField field;

    InstantPower(NvmlDevice device, boolean modulePower) {
      this.device = device;
      this.batch = new FieldReader(device);
      this.field = modulePower ? NvmlField.MODULE_POWER_INSTANT : NvmlField.POWER_INSTANT;
      this.batch.exclude(EnumSet.complementOf(EnumSet.of(field)));
    }

    Watts read() throws GpuException {
      Optional<Long> milliwatts = Optional.ofNullable(batch.read().get(field));
      return (milliwatts.isPresent() ? milliwatts : device.query(NvmlQuery.POWER_USAGE))
          .map(Watts::ofMilliwatts)
          .orElseThrow(() -> device.refusal("it reports no power draw"));
    }
  }

  /**
   * One round of queries to a GPU. A temporary failure loses only its own value; a lost GPU or
   * driver ends the round.
   */
  static final class PollRound {
    private final NvmlDevice device;
    private Map<NvmlField, Long> fields = Map.of();
    private boolean hasRead;
    private @Nullable GpuException failure;

    private PollRound(NvmlDevice device) {
      this.device = device;
    }

    static PollRound of(NvmlDevice device, FieldReader batch) throws GpuException {
      PollRound round = new PollRound(device);
      try {
        round.fields = batch.read();
        round.hasRead = !round.fields.isEmpty();
      } catch (GpuException e) {
        round.keepFailure(e);
      }
      return round;
    }

    /** The value of a field, where the batched call returned one. */
    Optional<Long> field(NvmlField field) {
      return Optional.ofNullable(fields.get(field));
    }

    /** The result of a single call, empty where there is none, or none this time. */
    Optional<Long> query(NvmlQuery query) throws GpuException {
      try {
        Optional<Long> result = device.query(query);
        hasRead |= result.isPresent();
        return result;
      } catch (GpuException e) {
        keepFailure(e);
        return Optional.empty();
      }
    }

    /** The utilization from the GPU's counters, empty where there is none this time. */
    Optional<Double> gpmUtilization(GpmReader counters) throws GpuException {
      try {
        return counters.utilization();
      } catch (GpuException e) {
        keepFailure(e);
        return Optional.empty();
      }
    }

    /** The field, or else the single call. */
    Optional<Long> fieldOrQuery(NvmlField field, NvmlQuery query) throws GpuException {
      Optional<Long> batched = field(field);
      return batched.isPresent() ? batched : query(query);
    }

    /**
     * Ends the round.
     *
     * @throws GpuException the first failure, when nothing at all was read
     */
    void finish() throws GpuException {
      if (!hasRead) {
        throw failure == null ? device.refusal("the driver reports nothing about it") : failure;
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
