package chase.zeus.gpu.nvml;

import chase.zeus.gpu.GpuException;
import chase.zeus.gpu.GpuId;
import chase.zeus.gpu.GpuTraits;
import chase.zeus.gpu.PowerRange;
import chase.zeus.unit.Watts;
import java.util.Optional;

/** Reads a GPU's traits, and whether Chase may write its limit. */
final class TraitsReader {
  /**
   * nvml.h, NVML_GPU_VIRTUALIZATION_MODE_VGPU: we run inside a guest; only the host sets the limit.
   */
  private static final long VGPU_GUEST = 2;

  private final NvmlDevice device;

  TraitsReader(NvmlDevice device) {
    this.device = device;
  }

  /**
   * The traits that restoring a GPU takes: its UUID and, where it reports them, the limits that it
   * accepts.
   *
   * @throws GpuException when its UUID cannot be read
   */
  GpuTraits readIdentity() throws GpuException {
    return new GpuTraits(
        new GpuId(device.uuid()),
        device.index(),
        "NVIDIA GPU",
        Optional.empty(),
        "unknown",
        ifReported(this::range),
        ifReported(this::defaultLimit),
        Optional.empty(),
        false);
  }

  private interface TraitQuery<T> {
    Optional<T> run() throws GpuException;
  }

  private static <T> Optional<T> ifReported(TraitQuery<T> query) {
    try {
      return query.run();
    } catch (GpuException e) {
      return Optional.empty();
    }
  }

  private Optional<Watts> defaultLimit() throws GpuException {
    return watts(NvmlQuery.DEFAULT_LIMIT).filter(limit -> limit.value() > 0);
  }

  /**
   * The traits.
   *
   * @throws GpuException when not even its name can be read, or it is gone
   */
  GpuTraits read(String driverVersion) throws GpuException {
    Optional<PowerRange> range = range();
    return new GpuTraits(
        new GpuId(device.uuid()),
        device.index(),
        device.model(),
        device.pciBusId(),
        driverVersion,
        range,
        defaultLimit(),
        unwritable(range),
        false);
  }

  /**
   * The traits of a known GPU, with what others may have changed.
   *
   * @throws GpuException when the GPU does not answer
   */
  GpuTraits refresh(GpuTraits known) throws GpuException {
    Optional<PowerRange> range = range();
    return known.with(range, defaultLimit(), unwritable(range));
  }

  private Optional<PowerRange> range() throws GpuException {
    Optional<Watts> min = watts(NvmlQuery.MIN_LIMIT);
    Optional<Watts> max = watts(NvmlQuery.MAX_LIMIT);
    // Some boards answer "0 to 0" instead of "not supported".
    return max.filter(limit -> limit.value() > 0)
        .flatMap(highest ->
            min.filter(lowest -> lowest.compareTo(highest) <= 0)
                .map(lowest -> new PowerRange(lowest, highest)));
  }

  private Optional<String> unwritable(Optional<PowerRange> range) throws GpuException {
    if (device.query(NvmlQuery.MIG_MODE).orElse(0L) != 0) {
      return Optional.of("MIG is enabled: its limit belongs to every instance");
    }
    if (device.query(NvmlQuery.VIRTUALIZATION_MODE).orElse(0L) == VGPU_GUEST) {
      return Optional.of("it is a vGPU guest: only the host can set its limit");
    }
    if (range.isEmpty()
        || watts(NvmlQuery.REQUESTED_LIMIT).isEmpty()
        || !device.driver().supportsPowerLimits()) {
      return Optional.of("its driver offers no settable power limit");
    }
    return Optional.empty();
  }

  private Optional<Watts> watts(NvmlQuery query) throws GpuException {
    return device.query(query).map(Watts::ofMilliwatts);
  }
}
