package chase.zeus.gpu.simulated;

import chase.zeus.gpu.Gpu;
import chase.zeus.gpu.GpuException;
import chase.zeus.gpu.GpuException.Kind;
import chase.zeus.gpu.GpuId;
import chase.zeus.gpu.GpuProcess;
import chase.zeus.gpu.GpuReading;
import chase.zeus.gpu.GpuReading.Activity;
import chase.zeus.gpu.GpuReading.ClockEventReason;
import chase.zeus.gpu.GpuSettings;
import chase.zeus.gpu.GpuTraits;
import chase.zeus.gpu.PowerLimits;
import chase.zeus.gpu.PowerRange;
import chase.zeus.gpu.simulated.SimulatedState.Controls;
import chase.zeus.gpu.simulated.SimulatedWorkload.SteadyState;
import chase.zeus.gpu.simulated.SimulatedWorkload.TrainingJob;
import chase.zeus.unit.Joules;
import chase.zeus.unit.Watts;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;

/** One simulated GPU. Its state moves by pure steps, so faults may come from any thread. */
final class SimulatedGpu implements Gpu {
  private final TrainingJob job;
  private final InstantSource clock;
  private final GpuTraits traits;
  private final double noise;
  private final Random random;
  private final ActivityCounters counters;
  private final AtomicReference<SimulatedState> state;

  SimulatedGpu(
      int index,
      GpuPreset preset,
      InstantSource clock,
      SimulatedWorkload workload,
      PowerNoise noise) {
    this.job = new TrainingJob(preset, workload, clock.instant());
    this.clock = clock;
    this.traits = traits(index, preset);
    this.noise = noise.ratio();
    this.random = new Random(noise.seed() + index);
    this.counters = new ActivityCounters(preset);
    this.state = new AtomicReference<>(job.initialState());
  }

  private static GpuTraits traits(int index, GpuPreset preset) {
    return new GpuTraits(
        new GpuId(String.format(Locale.ROOT, "GPU-51000000-0000-0000-0000-%012d", index)),
        index,
        preset.model(),
        Optional.empty(),
        "simulated",
        Optional.of(preset.powerRange()),
        Optional.of(preset.powerRange().max()),
        Optional.empty(),
        true);
  }

  @Override
  public GpuTraits traits() {
    return traits;
  }

  /** A simulated GPU's traits never change; a lost GPU does not answer. */
  @Override
  public GpuTraits refreshTraits() throws GpuException {
    currentState();
    return traits;
  }

  @Override
  public PowerLimits powerLimits() throws GpuException {
    return currentState().controls().limits();
  }

  @Override
  public GpuReading read() throws GpuException {
    SimulatedState now = currentState();
    SteadyState steady = job.steadyState(now);
    return new GpuReading(
        Optional.of(now.controls().limits()),
        Optional.of(new Watts(now.meters().watts() * (1 + deviation()))),
        Optional.of(new Joules(now.meters().joules())),
        Optional.of(steady.running() ? 1.0 : 0.0),
        Optional.of(job.preset().megahertz(steady.speed())),
        Optional.empty(),
        Optional.of(job.preset().celsius(now.meters().watts())),
        Optional.of(reasons(steady)),
        Optional.of(now.meters().capped()),
        Optional.of(now.controls().userSettings().persistence()),
        counters.activity(now, steady));
  }

  /** While its job runs, this process, which simulates it. */
  @Override
  public List<GpuProcess> processes() throws GpuException {
    return job.steadyState(currentState()).running()
        ? List.of(new GpuProcess(ProcessHandle.current().pid(), Optional.empty()))
        : List.of();
  }

  @Override
  public Watts powerDraw() throws GpuException {
    return new Watts(currentState().meters().watts() * (1 + deviation()));
  }

  @Override
  public Joules energy() throws GpuException {
    return new Joules(currentState().meters().joules());
  }

  @Override
  public GpuSettings settings() {
    return new SimulatedSettings(this);
  }

  @Override
  public void limitPower(Watts limit) throws GpuException {
    Controls controls = currentState().controls();
    Watts requested = Watts.ofMilliwatts(limit.toMilliwatts());
    if (!controls.writable()) {
      throw GpuException.noPermission("Insufficient Permissions: setting a power limit");
    }
    if (!job.preset().powerRange().contains(requested)) {
      throw new GpuException(Kind.REFUSED, "Invalid Argument: " + outside(requested));
    }
    update(now -> now.with(now.controls().withRequested(requested)));
  }

  /** Training steps done so far, parts of a step included. */
  double stepsDone() {
    return update(UnaryOperator.identity()).meters().steps();
  }

  GpuPreset preset() {
    return job.preset();
  }

  /** Advances the GPU to now, changes it, and returns the new state. */
  SimulatedState update(UnaryOperator<SimulatedState> change) {
    return state.updateAndGet(past -> change.apply(job.advance(past, clock.instant())));
  }

  SimulatedState currentState() throws GpuException {
    SimulatedState now = update(UnaryOperator.identity());
    if (now.controls().lost()) {
      throw new GpuException(Kind.LOST, "GPU is lost");
    }
    return now;
  }

  private double deviation() {
    return noise == 0 ? 0 : noise * (2 * random.nextDouble() - 1);
  }

  /** In milliwatts, the driver's unit, where a rounded watt could hide the difference. */
  private String outside(Watts requested) {
    PowerRange range = job.preset().powerRange();
    return requested.toMilliwatts()
        + " mW is not in "
        + range.min().toMilliwatts()
        + " to "
        + range.max().toMilliwatts()
        + " mW";
  }

  private static Set<ClockEventReason> reasons(SteadyState steady) {
    if (!steady.running()) {
      return Set.of(ClockEventReason.IDLE);
    }
    return steady.powerCapped() ? Set.of(ClockEventReason.SW_POWER_CAP) : Set.of();
  }

  /**
   * The activity that a GPU reports, as the real ones do: newer GPUs count the work between two
   * samples, older ones report their clock. For the one thread that reads the GPU.
   */
  static final class ActivityCounters {
    /** The least time between two samples of NVML's counters (nvml.h). */
    private static final Duration MIN_INTERVAL = Duration.ofMillis(100);

    /** The pipes' busy share of cycles at full speed; assumed. */
    private static final double FULL_SHARE = 0.5;

    private final GpuPreset preset;
    private Optional<StepSample> last = Optional.empty();

    ActivityCounters(GpuPreset preset) {
      this.preset = preset;
    }

    /** The job's steps at one moment. */
    private record StepSample(Instant at, double steps) {}

    /**
     * The activity now; empty while the counters have only one sample, or two that are too close
     * together.
     */
    Optional<Activity> activity(SimulatedState now, SteadyState steady) {
      return switch (preset.activitySource()) {
        case GPM -> fromCounters(new StepSample(now.at(), now.meters().steps()));
        case CLOCK ->
            Optional.of(
                Activity.of(
                    steady.running() ? 1 : 0,
                    preset.megahertz(steady.speed()),
                    Activity.Source.CLOCK));
      };
    }

    private Optional<Activity> fromCounters(StepSample sample) {
      Optional<StepSample> before = last;
      if (before.isPresent()
          && Duration.between(before.get().at, sample.at).compareTo(MIN_INTERVAL) < 0) {
        return Optional.empty();
      }
      last = Optional.of(sample);
      return before.map(past -> between(past, sample));
    }

    private Activity between(StepSample past, StepSample now) {
      double seconds = Duration.between(past.at, now.at).toNanos() / 1e9;
      double full = preset.profile().fullThroughput();
      double speed = (now.steps - past.steps) / seconds / full;
      return Activity.of(FULL_SHARE * speed, preset.fullMegahertz(), Activity.Source.GPM);
    }
  }
}
