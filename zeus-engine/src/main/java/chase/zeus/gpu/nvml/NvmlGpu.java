package chase.zeus.gpu.nvml;

import chase.zeus.gpu.Gpu;
import chase.zeus.gpu.GpuException;
import chase.zeus.gpu.GpuException.Kind;
import chase.zeus.gpu.GpuProcess;
import chase.zeus.gpu.GpuReading;
import chase.zeus.gpu.GpuSettings;
import chase.zeus.gpu.GpuTraits;
import chase.zeus.gpu.PowerLimits;
import chase.zeus.gpu.PowerRange;
import chase.zeus.unit.Joules;
import chase.zeus.unit.Watts;
import java.util.List;
import java.util.Optional;

/** A GPU behind NVIDIA's driver. Reuses its native memory, so one thread at a time. */
final class NvmlGpu implements Gpu {
  private final NvmlDevice device;
  private volatile GpuTraits traits;
  private final Optional<NvmlReader> reader;
  private final Optional<NvmlReader.InstantPower> instantPower;

  private NvmlGpu(NvmlDevice device, GpuTraits traits, Optional<NvmlReader> reader) {
    this.device = device;
    this.traits = traits;
    this.reader = reader;
    this.instantPower =
        reader.map(known -> new NvmlReader.InstantPower(device, known.readsModulePower()));
  }

  /** Opens a GPU with all its traits. */
  static NvmlGpu open(NvmlDevice device, String driverVersion) throws GpuException {
    GpuTraits traits = new TraitsReader(device).read(driverVersion);
    NvmlReader reader = new NvmlReader(device);
    return new NvmlGpu(
        device, reader.readsModulePower() ? traits.withModulePower() : traits, Optional.of(reader));
  }

  /** Opens a GPU only to restore it: little else than its UUID is read. */
  static NvmlGpu identify(NvmlDevice device) throws GpuException {
    return new NvmlGpu(device, new TraitsReader(device).readIdentity(), Optional.empty());
  }

  @Override
  public GpuTraits traits() {
    return traits;
  }

  @Override
  public GpuTraits refreshTraits() throws GpuException {
    traits = new TraitsReader(device).refresh(traits);
    return traits;
  }

  @Override
  public GpuReading read() throws GpuException {
    return reader.orElseThrow(this::unread).read();
  }

  @Override
  public Watts powerDraw() throws GpuException {
    return instantPower.orElseThrow(this::unread).read();
  }

  private GpuException unread() {
    return device.refusal("it was opened only to be restored");
  }

  @Override
  public Joules energy() throws GpuException {
    return Joules.ofMillijoules(
        device
            .query(NvmlQuery.ENERGY)
            .orElseThrow(() -> device.refusal("it has no energy counter")));
  }

  @Override
  public GpuSettings settings() {
    return new NvmlSettings(device, this::requireSameGpu);
  }

  @Override
  public PowerLimits powerLimits() throws GpuException {
    return new PowerLimits(limit(NvmlQuery.REQUESTED_LIMIT), limit(NvmlQuery.ENFORCED_LIMIT));
  }

  @Override
  public Watts requestedLimit() throws GpuException {
    return limit(NvmlQuery.REQUESTED_LIMIT);
  }

  private Watts limit(NvmlQuery query) throws GpuException {
    return Watts.ofMilliwatts(
        device.query(query).orElseThrow(() -> device.refusal("it reports no power limit")));
  }

  @Override
  public List<GpuProcess> processes() throws GpuException {
    return device.processes();
  }

  @Override
  public void limitPower(Watts limit) throws GpuException {
    requireSameGpu();
    Optional<PowerRange> range = traits.powerRange();
    if (range.isPresent() && !range.get().contains(limit)) {
      throw device.refusal(limit + " lies outside " + range.get());
    }
    int code = device.limitPower(Math.toIntExact(limit.toMilliwatts()));
    if (code == NvmlReturn.NO_PERMISSION) {
      throw device.failure(code, "limit of " + limit + " (needs CAP_SYS_ADMIN)");
    }
    if (code != NvmlReturn.SUCCESS) {
      throw device.failure(code, "limit of " + limit);
    }
  }

  /** A handle is trusted for reads; a write to the wrong GPU would slow another job. */
  private void requireSameGpu() throws GpuException {
    if (!device.uuid().equals(traits.id().uuid())) {
      throw new GpuException(Kind.REOPEN, "GPU " + traits.index() + " is no longer " + traits.id());
    }
  }

  /** Frees the driver's memory; the GPU then reports no activity. */
  void close() {
    reader.ifPresent(NvmlReader::close);
  }

  /** Whether the draw that it reads is that of CPU and GPU together. */
  boolean readsModulePower() {
    return traits.modulePower();
  }
}
