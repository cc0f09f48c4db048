package chase.zeus.gpu.simulated;

import chase.zeus.gpu.ClockEventReason;
import chase.zeus.gpu.Gpu;
import chase.zeus.gpu.GpuException;
import chase.zeus.gpu.GpuException.Kind;
import chase.zeus.gpu.GpuId;
import chase.zeus.gpu.GpuProcess;
import chase.zeus.gpu.GpuReading;
import chase.zeus.gpu.GpuSettings;
import chase.zeus.gpu.GpuTraits;
import chase.zeus.gpu.PowerLimits;
import chase.zeus.gpu.PowerRange;
import chase.zeus.unit.Joules;
import chase.zeus.unit.Watts;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;

/** One simulated card. Its state moves by pure steps, so faults may come from any thread. */
final class SimulatedGpu implements Gpu {
  private final TrainingRun run;
  private final InstantSource clock;
  private volatile GpuTraits traits;
  private final double noise;
  private final Random random;
  private final Counters counters;
  private final AtomicReference<SimulatedState> state;

  SimulatedGpu(
      int index,
      GpuPreset preset,
      InstantSource clock,
      SimulatedWorkload workload,
      PowerNoise noise) {
    this.run = new TrainingRun(preset, workload, clock.instant());
    this.clock = clock;
    this.traits = traits(index, preset);
    this.noise = noise.ratio();
    this.random = new Random(noise.seed() + index);
    this.counters = new Counters(preset);
    this.state = new AtomicReference<>(run.initialState());
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

  @Override
  public GpuTraits refreshTraits() throws GpuException {
    Optional<String> shared =
        currentState().controls().driver().migEnabled()
            ? Optional.of("MIG is enabled: its limit belongs to every instance")
            : Optional.empty();
    traits =
        new GpuTraits(
            traits.id(),
            traits.index(),
            traits.model(),
            traits.pciBusId(),
            traits.driverVersion(),
            traits.powerRange(),
            traits.defaultLimit(),
            shared,
            traits.simulated());
    return traits;
  }

  @Override
  public PowerLimits powerLimits() throws GpuException {
    return currentState().controls().limits();
  }

  @Override
  public GpuReading read() throws GpuException {
    SimulatedState now = currentState();
    Pace pace = run.steadyState(now);
    return new GpuReading(
        Optional.of(now.controls().limits()),
        Optional.of(new Watts(now.meters().watts() * (1 + deviation()))),
        Optional.of(new Joules(now.meters().joules())),
        OptionalDouble.of(pace.running() ? 1 : 0),
        OptionalInt.of(run.preset().megahertz(pace.speed())),
        OptionalInt.empty(),
        OptionalInt.of(run.preset().celsius(now.meters().watts())),
        Optional.of(reasons(pace)),
        Optional.of(now.meters().capped()),
        Optional.of(now.controls().userSettings().persistence()),
        counters.activity(now, pace));
  }

  /** While its job runs, the process that simulates it: ours. */
  @Override
  public List<GpuProcess> processes() throws GpuException {
    return run.steadyState(currentState()).running()
        ? List.of(new GpuProcess(ProcessHandle.current().pid(), OptionalLong.empty()))
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
    Setting setting = currentState().controls();
    Watts wish = Watts.ofMilliwatts(limit.toMilliwatts());
    if (!setting.writable()) {
      throw GpuException.noPermission("Insufficient Permissions: setting a power limit");
    }
    if (!run.preset().powerRange().contains(wish)) {
      throw new GpuException(Kind.REFUSED, "Invalid Argument: " + outside(wish));
    }
    update(now -> now.with(now.controls().request(wish)));
  }

  /** Training steps done so far, parts of a step included. */
  double stepsDone() {
    return update(UnaryOperator.identity()).meters().steps();
  }

  GpuPreset preset() {
    return run.preset();
  }

  /** Brings the card up to now, changes it, and returns what it is then. */
  SimulatedState update(UnaryOperator<SimulatedState> change) {
    return state.updateAndGet(past -> change.apply(run.advance(past, clock.instant())));
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
  private String outside(Watts wish) {
    PowerRange range = run.preset().powerRange();
    return wish.toMilliwatts()
        + " mW is not in "
        + range.min().toMilliwatts()
        + " to "
        + range.max().toMilliwatts()
        + " mW";
  }

  private static Set<ClockEventReason> reasons(Pace pace) {
    if (!pace.running()) {
      return Set.of(ClockEventReason.IDLE);
    }
    return pace.powerCapped() ? Set.of(ClockEventReason.SW_POWER_CAP) : Set.of();
  }
}
