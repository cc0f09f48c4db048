package chase.zeus.engine;

import static chase.zeus.engine.Given.START;
import static chase.zeus.engine.Given.outlook;
import static chase.zeus.engine.Given.reading;
import static chase.zeus.engine.Given.watts;
import static org.assertj.core.api.Assertions.assertThat;

import chase.zeus.gpu.GpuException.Kind;
import chase.zeus.gpu.GpuId;
import chase.zeus.gpu.PowerLimits;
import chase.zeus.policy.PowerPolicy;
import chase.zeus.profile.Estimate;
import chase.zeus.profile.MeasuredPoint;
import chase.zeus.profile.MeasuredProfile;
import chase.zeus.unit.Joules;
import chase.zeus.unit.Watts;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import java.util.function.DoubleBinaryOperator;
import java.util.stream.Stream;

/** Two cards with a memory of their own, and a carrier of orders who is sometimes slow. */
final class EngineWorld {
  private final Random random;
  private final boolean strange;
  private final Engine engine;
  private final List<GpuId> ids = List.of(new GpuId("GPU-a"), new GpuId("GPU-b"));
  private final Map<GpuId, Watts> requested = new HashMap<>();

  /** The limit that a card must get back: the one found, or the last that somebody else set. */
  private final Map<GpuId, Watts> owed = new HashMap<>();

  private final Map<GpuId, Order> onItsWay = new HashMap<>();
  private final Map<JobId, Long> steps = new HashMap<>();
  private double joules;
  private Instant now = START;

  /** What the driver keeps of a limit, in watts, given the one before. */
  private DoubleBinaryOperator driver = EngineWorld::exact;

  private int started;
  int orders;
  int trials;
  private int foreign;

  EngineWorld(Random random, Mode mode) {
    this(random, mode, false);
  }

  EngineWorld(Random random, Mode mode, boolean strange) {
    this.random = random;
    this.strange = strange;
    this.engine = new Engine(rules(mode), PowerPolicy.chase(0.5, OptionalDouble.empty()), START);
    for (GpuId id : ids) {
      requested.put(id, watts(250));
      owed.put(id, watts(250));
      tell(Given.opened(id, 250));
    }
  }

  private static Rules rules(Mode mode) {
    return new Rules(
        mode,
        Given.RULES.floorRatio(),
        Given.RULES.minimumDwell(),
        Given.RULES.handsOff(),
        Given.RULES.retryAfter(),
        Rules.USUAL_SILENCE,
        Optional.of(ProfilingRules.DEFAULT));
  }

  private Watts limitOf(GpuId gpu) {
    return Objects.requireNonNull(requested.get(gpu));
  }

  private static double exact(double asked, double before) {
    return asked;
  }

  /** Drivers that round, clamp, scale and ignore; each can lead back into the range. */
  private DoubleBinaryOperator anyDriver() {
    return switch (random.nextInt(6)) {
      case 0 -> (asked, before) -> asked * 0.97;
      case 1 -> (asked, before) -> Math.floor(asked / 25) * 25;
      case 2 -> (asked, before) -> Math.ceil(asked / 10) * 10;
      case 3 -> (asked, before) -> Math.max(asked, 190);
      case 4 -> (asked, before) -> before;
      default -> EngineWorld::exact;
    };
  }

  private void obey(Order order) {
    Watts before = limitOf(order.gpu());
    Watts kept = watts(driver.applyAsDouble(order.limit().value(), before.value()));
    requested.put(order.gpu(), Watts.ofMilliwatts(kept.toMilliwatts()));
  }

  private GpuId anyGpu() {
    return ids.get(random.nextInt(ids.size()));
  }

  void somethingHappens() {
    now = now.plusMillis(random.nextInt(30_000));
    switch (random.nextInt(17)) {
      case 16 -> driver = strange ? anyDriver() : driver;
      case 0, 1 -> tell(new Event.OutlookChanged(outlook(random.nextDouble(600), now), now));
      case 2, 3 -> tell(new Event.TimePassed(now));
      case 4, 5 -> tellReading(anyGpu());
      case 6, 7, 8 -> carryOut(anyGpu());
      case 9 -> somebodyElseWrites(anyGpu());
      case 10 -> command();
      case 11 -> startJob();
      case 12, 13 -> train(random.nextInt(70));
      case 14 -> aboutJobs();
      default -> now = now.plusSeconds(random.nextInt(4_000));
    }
  }

  private void tell(Event event) {
    if (event instanceof Event.Command command && engine.refusal(command).isPresent()) {
      return;
    }
    List<Order> orders = engine.on(event);
    assertThat(orders).extracting(Order::gpu).doesNotHaveDuplicates();
    orders.forEach(this::accept);
  }

  private void accept(Order order) {
    orders++;
    boolean tried =
        engine.snapshot().gpu(order.gpu()).orElseThrow().reason() instanceof Reason.Profiling;
    trials += tried ? 1 : 0;
    assertThat(onItsWay).doesNotContainKey(order.gpu());
    assertThat(order.limit().value()).isBetween(100.0, 300.0);
    assertThat(order.limit()).isLessThanOrEqualTo(order.original());
    if (!isLeased(order.gpu())) {
      assertThat(order.limit().value()).isGreaterThan(order.original().value() * 0.6 - 1e-6);
    }
    assertThat(order.limit().sameLimitAs(order.expected())).isFalse();
    onItsWay.put(order.gpu(), order);
  }

  private boolean isLeased(GpuId gpu) {
    return engine.snapshot().gpu(gpu).orElseThrow().reason() instanceof Reason.Leased;
  }

  private void tellReading(GpuId gpu) {
    learnForeign(gpu);
    tell(
        new Event.ReadingTaken(
            gpu,
            reading(
                limitOf(gpu).value(),
                Optional.of(limitOf(gpu).times(0.9)),
                Optional.of(new Joules(joules))),
            now));
  }

  private void startJob() {
    List<GpuId> gpus = random.nextBoolean() ? ids : List.of(anyGpu());
    boolean budget = random.nextBoolean();
    JobSpec spec =
        new JobSpec(
            "train",
            gpus,
            OptionalInt.of(1),
            random.nextInt(3) == 0
                ? OptionalLong.of(1 + random.nextInt(100_000))
                : OptionalLong.empty(),
            Optional.empty(),
            Optional.empty(),
            budget ? OptionalDouble.of(0.3 * random.nextDouble()) : OptionalDouble.empty());
    JobId id = new JobId("job-" + started++);
    tell(new Event.JobStarted(id, spec, now));
    if (engine.snapshot().job(id).isPresent()) {
      steps.put(id, 0L);
    }
  }

  /** Cards are read, obey and draw; jobs do steps, slower under a lower limit. */
  private void train(int times) {
    for (int i = 0; i < times; i++) {
      now = now.plusSeconds(2);
      joules += 400 + 20 * random.nextGaussian();
      ids.forEach(this::tellReading);
      ids.forEach(this::carryOut);
      for (JobView job : engine.snapshot().jobs()) {
        double limit =
            job.spec().gpus().stream().mapToDouble(gpu -> limitOf(gpu).value()).min().orElse(1);
        long more = Math.round(2 * Math.sqrt(limit) * (1 + 0.05 * random.nextGaussian()));
        report(job.id(), Objects.requireNonNull(steps.get(job.id())) + more);
      }
    }
  }

  private void report(JobId id, long count) {
    steps.put(id, count);
    tell(new Event.StepsDone(id, count, now));
  }

  /** A job jumps, ends, is remembered, or gets another policy. */
  private void aboutJobs() {
    List<JobView> jobs = engine.snapshot().jobs();
    if (jobs.isEmpty()) {
      return;
    }
    JobId id = jobs.get(random.nextInt(jobs.size())).id();
    switch (random.nextInt(4)) {
      case 0 -> tell(new Event.JobEnded(id, now));
      case 1 -> report(id, Objects.requireNonNull(steps.get(id)) + random.nextInt(1_000_000));
      case 2 -> tell(new Event.ProfileKnown(id, remembered(), now, now));
      default ->
          tell(
              new Event.PolicyChosen(
                  PowerPolicy.budget(0.2 * random.nextDouble()), new Scope.OneJob(id), now));
    }
  }

  /** Limits of another host, above and below what may be set here. */
  private MeasuredProfile remembered() {
    return new MeasuredProfile(
        Stream.of(60, 120, 240, 400)
            .map(limit ->
                new MeasuredPoint(
                    watts(limit),
                    new Estimate(9, 0.9 * limit, 2),
                    new Estimate(9, Math.sqrt(limit), 0.1)))
            .toList());
  }

  /** Once Chase sees a limit that it did not set, that limit is the one to put back. */
  private void learnForeign(GpuId gpu) {
    Watts known = engine.snapshot().gpu(gpu).orElseThrow().limits().orElseThrow().requested();
    Order order = onItsWay.get(gpu);
    if (!limitOf(gpu).sameLimitAs(known)
        && (order == null || !limitOf(gpu).sameLimitAs(order.limit()))) {
      owed.put(gpu, limitOf(gpu));
      onItsWay.remove(gpu);
    }
  }

  private void carryOut(GpuId gpu) {
    Order order = onItsWay.remove(gpu);
    if (order == null) {
      return;
    }
    if (!limitOf(gpu).sameLimitAs(order.expected())) {
      owed.put(gpu, limitOf(gpu));
      tell(new Event.ForeignLimitFound(gpu, limitsOf(gpu), now));
      return;
    }
    switch (random.nextInt(8)) {
      case 0 -> tell(failed(order, Kind.RETRY));
      case 1 -> tell(failed(order, Kind.REFUSED));
      default -> {
        obey(order);
        tell(new Event.LimitApplied(gpu, limitsOf(gpu), now));
        assertThat(engine.snapshot().gpu(gpu).orElseThrow().original()).contains(order.original());
      }
    }
  }

  private Event failed(Order order, Kind kind) {
    return new Event.LimitFailed(order.gpu(), order.limit(), kind, "by chance", now);
  }

  private PowerLimits limitsOf(GpuId gpu) {
    return new PowerLimits(limitOf(gpu), limitOf(gpu));
  }

  /** Never what Chase has just tried to set: that nobody could tell from Chase's own. */
  private void somebodyElseWrites(GpuId gpu) {
    if (random.nextInt(5) == 0) {
      requested.put(gpu, watts(100 + random.nextInt(200) + ++foreign % 1_000 / 1e3));
    }
  }

  private void command() {
    Watts limit = watts(80 + random.nextInt(240));
    tell(
        switch (random.nextInt(9)) {
          case 0 -> new Event.Paused(now);
          case 1, 2 -> new Event.Resumed(now);
          case 3 -> new Event.PolicyChosen(PowerPolicy.fixed(limit), now);
          case 4 -> new Event.PolicyChosen(PowerPolicy.chase(0.5, OptionalDouble.empty()), now);
          case 5, 6 -> lease(Optional.of(limit).filter(some -> random.nextBoolean()));
          case 7 -> new Event.LeaseEnded(anyGpu(), now);
          default ->
              new Event.OverrideSet(
                  anyGpu(), limit, now.plusSeconds(random.nextInt(600) - 60), now);
        });
  }

  private Event lease(Optional<Watts> limit) {
    Lease.Holder holder = new Lease.Holder("alice", OptionalLong.empty());
    return new Event.LeaseTaken(
        anyGpu(), limit, holder, now.plusSeconds(random.nextInt(600) - 60), now);
  }

  void stopAndCheckThatEverythingIsBack() {
    driver = EngineWorld::exact;
    ids.forEach(this::tellReading);
    tell(new Event.Resumed(now));
    tell(new Event.Stopping(now));
    for (int tries = 0; tries < 1_000 && !onItsWay.isEmpty(); tries++) {
      now = now.plusSeconds(1);
      ids.forEach(this::carryOutSurely);
      tell(new Event.TimePassed(now));
    }
    assertThat(requested).isEqualTo(owed);
  }

  private void carryOutSurely(GpuId gpu) {
    Order order = onItsWay.remove(gpu);
    if (order != null) {
      requested.put(gpu, order.limit());
      tell(new Event.LimitApplied(gpu, limitsOf(gpu), now));
    }
  }
}
