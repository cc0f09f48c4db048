package chase.zeus.engine;

import static chase.zeus.engine.Given.PROFILE;
import static chase.zeus.engine.Given.RULES;
import static chase.zeus.engine.Given.START;
import static chase.zeus.engine.Given.at;
import static chase.zeus.engine.Given.limits;
import static chase.zeus.engine.Given.traits;
import static chase.zeus.engine.Given.watts;

import chase.zeus.gpu.GpuId;
import chase.zeus.gpu.GpuTraits;
import chase.zeus.policy.EnergyOutlook;
import chase.zeus.policy.PowerPolicy;
import chase.zeus.unit.Watts;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** A host with two cards of one model and one of another, which obey at once. */
final class JobHost {
  static final GpuId A = new GpuId("GPU-a");
  static final GpuId B = new GpuId("GPU-b");
  static final GpuId OTHER_MODEL = new GpuId("GPU-c");
  static final JobId JOB = new JobId("job");

  private final Engine engine = new Engine(RULES, PowerPolicy.max(), START);

  JobHost() {
    open(traits(A, 0, Optional.empty()), 250);
    open(traits(B, 1, Optional.empty()), 250);
    GpuTraits like = traits(OTHER_MODEL, 2, Optional.empty());
    open(
        new GpuTraits(
            OTHER_MODEL,
            2,
            "Another card",
            like.pciBusId(),
            like.driverVersion(),
            like.powerRange(),
            like.defaultLimit(),
            like.unwritable(),
            true),
        250);
    happen(new Event.OutlookChanged(dayOf(400), START));
  }

  private void open(GpuTraits traits, double limit) {
    engine.on(
        new Event.GpuOpened(
            traits,
            Optional.of(limits(limit)),
            Optional.of(PROFILE),
            Optional.of(OriginalLimit.onRecord(watts(limit))),
            START));
  }

  static EnergyOutlook dayOf(double weight) {
    Duration hour = Duration.ofHours(1);
    return new EnergyOutlook(
        Stream.iterate(START, from -> from.plus(hour))
            .limit(24)
            .map(from -> new EnergyOutlook.Slot(from, from.plus(hour), weight))
            .toList(),
        500,
        START.plus(Duration.ofDays(1)));
  }

  /** Lets something happen and carries out what the engine orders then. */
  void happen(Event event) {
    for (Order order : engine.on(event)) {
      happen(new Event.LimitApplied(order.gpu(), limits(order.limit().value()), event.at()));
    }
  }

  static JobSpec spec(OptionalDouble bound, GpuId... gpus) {
    return new JobSpec(
        "train",
        List.of(gpus),
        OptionalInt.of(256),
        OptionalLong.empty(),
        Optional.empty(),
        Optional.empty(),
        bound);
  }

  static JobSpec until(Instant deadline, long total, Optional<Watts> idle) {
    return new JobSpec(
        "train",
        List.of(A),
        OptionalInt.empty(),
        OptionalLong.of(total),
        Optional.of(deadline),
        idle,
        OptionalDouble.empty());
  }

  void start(JobSpec spec) {
    happen(new Event.JobStarted(JOB, spec, START));
  }

  void report(long steps, long seconds) {
    happen(new Event.StepsDone(JOB, steps, at(seconds)));
  }

  /** Ten steps a second, reported every ten seconds. */
  void runFor(long seconds) {
    run(0, seconds, 10);
  }

  void run(long from, long to, double stepsPerSecond) {
    long before = job().steps().orElse(0);
    for (long second = from; second <= to; second += 10) {
      report(before + Math.round((second - from) * stepsPerSecond), second);
    }
  }

  JobView job() {
    return engine.snapshot().job(JOB).orElseThrow();
  }

  Watts limit(GpuId gpu) {
    return engine.snapshot().gpu(gpu).orElseThrow().limits().orElseThrow().requested();
  }

  Reason reason(GpuId gpu) {
    return engine.snapshot().gpu(gpu).orElseThrow().reason();
  }

  Refusal refusal(Event.Command command) {
    return engine.refusal(command).orElseThrow();
  }

  Engine engine() {
    return engine;
  }
}
