package chase.zeus.gpu.simulated;

import chase.zeus.gpu.Gpu;
import chase.zeus.gpu.GpuException;
import chase.zeus.gpu.GpuId;
import chase.zeus.gpu.GpuSlot;
import chase.zeus.gpu.Gpus;
import chase.zeus.profile.PowerProfile;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** The simulated GPUs of a host. Their limits are their own state and outlive {@link #close}. */
public final class SimulatedGpus implements Gpus {
  private final List<SimulatedGpu> gpus;

  private SimulatedGpus(List<SimulatedGpu> gpus) {
    this.gpus = List.copyOf(gpus);
  }

  /** GPUs whose jobs never pause and whose readings are exact, in the given order. */
  public static SimulatedGpus of(List<GpuPreset> presets, InstantSource clock) {
    return of(presets, clock, SimulatedWorkload.steady(), PowerNoise.none());
  }

  /** GPUs that all run {@code workload}, each with its own noise from the one seed. */
  public static SimulatedGpus of(
      List<GpuPreset> presets, InstantSource clock, SimulatedWorkload workload, PowerNoise noise) {
    return new SimulatedGpus(
        IntStream.range(0, presets.size())
            .mapToObj(i -> new SimulatedGpu(i, presets.get(i), clock, workload, noise))
            .toList());
  }

  /**
   * GPUs by the names that {@link GpuPreset#parse} reads.
   *
   * @throws IllegalArgumentException that names an unknown one and the known ones
   */
  public static SimulatedGpus named(List<String> names, InstantSource clock) {
    return of(names.stream().map(GpuPreset::parse).toList(), clock);
  }

  /** Every GPU, in the driver's order; they need no opening. */
  public List<Gpu> all() {
    return List.copyOf(gpus);
  }

  @Override
  public List<GpuSlot> slots() {
    return gpus.stream().<GpuSlot>map(SimulatedSlot::new).toList();
  }

  private record SimulatedSlot(SimulatedGpu gpu) implements GpuSlot {
    @Override
    public int index() {
      return gpu.traits().index();
    }

    @Override
    public Gpu identify() throws GpuException {
      gpu.currentState();
      return gpu;
    }

    @Override
    public Gpu open() throws GpuException {
      return identify();
    }
  }

  /** What the job of {@code gpu} draws and achieves; empty when this host has no such GPU. */
  public Optional<PowerProfile> profileOf(GpuId gpu) {
    return find(gpu).map(found -> found.preset().profile());
  }

  /**
   * The training steps that the job of {@code gpu} has done, parts of a step included.
   *
   * @throws IllegalArgumentException when this host has no such GPU
   */
  public double stepsDone(GpuId gpu) {
    return require(gpu).stepsDone();
  }

  /**
   * The job of {@code gpu} pauses, which leaves the GPU idle, or goes on; any thread may call.
   *
   * @throws IllegalArgumentException when this host has no such GPU
   */
  public void pauseJob(GpuId gpu, boolean pause) {
    require(gpu).update(state -> state.with(state.controls().jobPaused(pause)));
  }

  /**
   * The faults that can be injected into {@code gpu}.
   *
   * @throws IllegalArgumentException when this host has no such GPU
   */
  public FaultInjection faults(GpuId gpu) {
    return new FaultInjection(require(gpu));
  }

  /** Does nothing: there is no driver, and the GPUs remain usable. */
  @Override
  public void close() {}

  private SimulatedGpu require(GpuId gpu) {
    return find(gpu)
        .orElseThrow(() -> new IllegalArgumentException("no simulated GPU has the id " + gpu));
  }

  private Optional<SimulatedGpu> find(GpuId gpu) {
    return gpus.stream().filter(found -> found.traits().id().equals(gpu)).findFirst();
  }
}
