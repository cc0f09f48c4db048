package chase.zeus.engine;

import static chase.zeus.engine.Given.START;

import chase.zeus.gpu.Activity;
import chase.zeus.gpu.GpuException;
import chase.zeus.gpu.GpuId;
import chase.zeus.gpu.GpuReading;
import chase.zeus.gpu.GpuTraits;
import chase.zeus.gpu.PowerLimits;
import chase.zeus.gpu.PowerRange;
import chase.zeus.policy.EnergyOutlook;
import chase.zeus.policy.PowerPolicy;
import chase.zeus.profile.PowerProfile;
import chase.zeus.profile.PowerProfile.Point;
import chase.zeus.unit.Joules;
import chase.zeus.unit.Watts;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;

/**
 * A simulated job on simulated cards under a real engine, in virtual time: 5 % noise on every step,
 * 2 % on every watt, a card that is read every two seconds, and a grid that swings once a day.
 */
final class SimulatedDay {
  static final JobId JOB = new JobId("day");
  private static final double TICK_SECONDS = 1;
  private static final int TICKS_A_READING = 2;

  private final Engine engine;
  private final Random random;
  private final List<GpuId> gpus = new ArrayList<>();
  private final Map<GpuId, Watts> limits = new HashMap<>();
  private final Duration reports;
  private final Watts top;
  private final Optional<Activity.Source> counted;
  private PowerProfile curve;
  private Instant now = START;
  private double counter;
  private double watts;
  private double part;
  private double partOfNext = 1;
  private long steps;
  private long ticks;
  private boolean resting;
  private boolean refusing;
  private boolean hanging;

  /** What really happened: seconds, seconds at full power that were worked, and energy. */
  private double elapsed;

  private double work;
  private double weighted;
  private double weightedAtFull;
  private double worst;
  private int changes;

  /** A job that registers and reports its steps. */
  SimulatedDay(
      PowerRange card,
      PowerProfile curve,
      int count,
      PowerPolicy policy,
      Optional<ProfilingRules> profiling,
      Duration reports,
      long seed) {
    this(card, curve, count, policy, profiling, reports, seed, Optional.empty());
  }

  /** A job that reports nothing where {@code counted} tells how the cards count its work. */
  SimulatedDay(
      PowerRange card,
      PowerProfile curve,
      int count,
      PowerPolicy policy,
      Optional<ProfilingRules> profiling,
      Duration reports,
      long seed,
      Optional<Activity.Source> counted) {
    this.counted = counted;
    this.curve = curve;
    this.reports = reports;
    this.top = card.max();
    this.random = new Random(seed);
    Rules rules =
        new Rules(
            Mode.CONTROL,
            0.5,
            Duration.ofMinutes(1),
            Duration.ofMinutes(10),
            Duration.ofSeconds(5),
            Rules.USUAL_SILENCE,
            profiling);
    engine = new Engine(rules, policy, START);
    Optional<PowerProfile> known = profiling.isPresent() ? Optional.empty() : Optional.of(curve);
    for (int i = 0; i < count; i++) {
      GpuId id = new GpuId("GPU-" + i);
      gpus.add(id);
      limits.put(id, top);
      happen(new Event.GpuOpened(traits(id, i, card), Optional.of(limits(id)), known, now));
    }
    happen(new Event.OutlookChanged(outlook(), now));
    if (counted.isEmpty()) {
      register(OptionalLong.empty());
    }
  }

  /** The job registers, in place of the one before. */
  void register(OptionalLong totalSteps) {
    if (engine.snapshot().job(JOB).isPresent()) {
      happen(new Event.JobEnded(JOB, now));
    }
    JobSpec spec =
        new JobSpec(
            "day",
            gpus,
            OptionalInt.of(256),
            totalSteps,
            Optional.empty(),
            Optional.empty(),
            OptionalDouble.empty());
    happen(new Event.JobStarted(JOB, spec, now));
  }

  /** Somebody else sets a limit, and Chase sees it. */
  void foreignWrite(Watts limit) {
    limits.put(gpus.getFirst(), limit);
    happen(new Event.ForeignLimitFound(gpus.getFirst(), limits(gpus.getFirst()), now));
  }

  /** The next order fails. */
  void refuseNext() {
    refusing = true;
  }

  /** The job stops doing steps and reporting them, or goes on. */
  void hang(boolean hangs) {
    hanging = hangs;
  }

  /** Steps appear from nowhere. */
  void jump(long more) {
    steps += more;
  }

  long steps() {
    return steps;
  }

  Instant now() {
    return now;
  }

  private static GpuTraits traits(GpuId id, int index, PowerRange card) {
    return new GpuTraits(
        id,
        index,
        "Simulated card",
        Optional.empty(),
        "1.0",
        Optional.of(card),
        Optional.of(card.max()),
        Optional.empty(),
        true);
  }

  private PowerLimits limits(GpuId id) {
    Watts limit = Objects.requireNonNull(limits.get(id));
    return new PowerLimits(limit, limit);
  }

  void happen(Event event) {
    for (Order order : engine.on(event)) {
      if (refusing) {
        refusing = false;
        happen(
            new Event.LimitFailed(
                order.gpu(), order.limit(), GpuException.Kind.REFUSED, "no rights", now));
        continue;
      }
      limits.put(order.gpu(), order.limit());
      changes++;
      happen(new Event.LimitApplied(order.gpu(), limits(order.gpu()), now));
    }
  }

  /** The job's curve changes. */
  void becomes(PowerProfile next) {
    curve = next;
  }

  private static double weight(Instant at) {
    double hours = Duration.between(START, at).toSeconds() / 3600.0;
    return 300 + 150 * Math.sin(hours * Math.PI / 12);
  }

  private EnergyOutlook outlook() {
    List<EnergyOutlook.Slot> slots = new ArrayList<>();
    for (int i = 0; i < 24; i++) {
      Instant from = now.plus(Duration.ofHours(i));
      slots.add(new EnergyOutlook.Slot(from, from.plus(Duration.ofHours(1)), weight(from)));
    }
    return new EnergyOutlook(slots, 450, now.plus(Duration.ofHours(3)));
  }

  void run(Duration time) {
    for (long tick = Math.round(time.toSeconds() / TICK_SECONDS); tick > 0; tick--) {
      tick();
    }
  }

  private void tick() {
    now = now.plusMillis(Math.round(TICK_SECONDS * 1000));
    ticks++;
    Point point = curve.at(slowest()).orElseThrow();
    Point full = curve.at(top).orElseThrow();
    part += hanging ? 0 : TICK_SECONDS * point.throughput();
    while (part >= partOfNext) {
      part -= partOfNext;
      partOfNext = Math.max(0.1, 1 + 0.05 * random.nextGaussian());
      steps++;
    }
    watts = point.power().value() * (1 + 0.02 * random.nextGaussian());
    counter += watts * TICK_SECONDS;
    account(point, full);
    if (ticks % TICKS_A_READING == 0) {
      gpus.forEach(gpu -> happen(new Event.ReadingTaken(gpu, reading(gpu), now)));
    }
    if (counted.isEmpty()
        && !hanging
        && ticks % Math.round(reports.toSeconds() / TICK_SECONDS) == 0) {
      happen(new Event.StepsDone(JOB, steps, now));
    }
    if (ticks % Math.round(3600 / TICK_SECONDS) == 0) {
      happen(new Event.OutlookChanged(outlook(), now));
    }
  }

  private void account(Point point, Point full) {
    double share = point.throughput() / full.throughput();
    elapsed += TICK_SECONDS;
    work += share * TICK_SECONDS;
    weighted += weight(now) * point.power().value() * TICK_SECONDS;
    weightedAtFull += weight(now) * full.power().value() * share * TICK_SECONDS;
    if (elapsed > 3600) {
      worst = Math.max(worst, slowdown());
    }
  }

  /** One GPU that is slower stalls all. */
  private Watts slowest() {
    return limits.values().stream().min(Watts::compareTo).orElseThrow();
  }

  private GpuReading reading(GpuId gpu) {
    Watts limit = Objects.requireNonNull(limits.get(gpu));
    return new GpuReading(
        Optional.of(new PowerLimits(limit, limit)),
        Optional.of(new Watts(watts)),
        Optional.of(new Joules(counter)),
        OptionalDouble.empty(),
        OptionalInt.empty(),
        OptionalInt.empty(),
        OptionalInt.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        counted.map(this::activity));
  }

  /** As many cycles of work as steps, 5 % noise; clocks fall faster than the job. */
  private Activity activity(Activity.Source source) {
    double share =
        curve.at(slowest()).orElseThrow().throughput() / curve.at(top).orElseThrow().throughput();
    double seen = source == Activity.Source.CLOCK ? Math.pow(share, 1.2) : share;
    double noise = Math.max(0.1, 1 + 0.05 * random.nextGaussian());
    return new Activity(resting ? 0 : 1.2e9 * seen * noise, source);
  }

  /** The cards do nothing from now on, or work again. */
  void rest(boolean rests) {
    resting = rests;
  }

  /** How much slower than at full power the job really was. */
  double slowdown() {
    return elapsed / work - 1;
  }

  /** The highest slowdown at any moment after the first hour. */
  double worstSlowdown() {
    return worst;
  }

  /** The share of the weighted energy of the same work at full power that was saved. */
  double saving() {
    return 1 - weighted / weightedAtFull;
  }

  int changes() {
    return changes;
  }

  JobView job() {
    return engine.snapshot().workOn(gpus.getFirst()).orElseThrow();
  }

  ProfileView profile() {
    return job().profile().orElseThrow();
  }

  /** The limits that the cards have, each once. */
  Set<Watts> limits() {
    return Set.copyOf(limits.values());
  }

  Engine engine() {
    return engine;
  }
}
