package chase.bench;

import chase.zeus.engine.Engine;
import chase.zeus.engine.Event;
import chase.zeus.engine.Order;
import chase.zeus.engine.SafetyRules;
import chase.zeus.engine.SafetyRules.Mode;
import chase.zeus.gpu.GpuId;
import chase.zeus.gpu.GpuTraits;
import chase.zeus.gpu.PowerLimits;
import chase.zeus.gpu.PowerRange;
import chase.zeus.policy.EnergyOutlook;
import chase.zeus.policy.JobProgress;
import chase.zeus.policy.PowerPolicy;
import chase.zeus.unit.Watts;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** One decision for a host of 16 GPUs whose jobs have a budget; the aim is 1 ms. */
@State(Scope.Thread)
@BenchmarkMode(org.openjdk.jmh.annotations.Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class DecisionBenchmark {
  private static final int GPUS = 16;
  private static final int OUTLOOK = 96;
  private static final double BOUND = 0.03;
  private static final Duration JOB = Duration.ofHours(40);
  private static final SafetyRules RULES =
      new SafetyRules(
          Mode.CONTROL, 0.4, Duration.ofMinutes(1), Duration.ofMinutes(10), Duration.ofSeconds(5));
  private static final PowerRange RANGE = new PowerRange(new Watts(100), new Watts(250));
  private static final List<GpuId> IDS =
      IntStream.range(0, GPUS).mapToObj(i -> new GpuId("GPU-" + i)).toList();

  private final Engine engine = new Engine(RULES, PowerPolicy.budget(BOUND), SyntheticGrid.START);
  private List<Order> orders = List.of();
  private int slot;
  private Event.OutlookChanged next = outlook();

  /** The benchmark, as JMH makes it. */
  public DecisionBenchmark() {}

  /** Sixteen GPUs, each at its highest limit. */
  @Setup
  public void open() {
    for (GpuId id : IDS) {
      engine.on(
          new Event.GpuOpened(
              traits(id),
              Optional.of(limits(RANGE.max())),
              Optional.of(SyntheticGrid.PROFILE),
              SyntheticGrid.START));
    }
  }

  private static GpuTraits traits(GpuId id) {
    return new GpuTraits(
        id,
        IDS.indexOf(id),
        "a GPU of 250 W",
        Optional.empty(),
        "",
        Optional.of(RANGE),
        Optional.of(RANGE.max()),
        Optional.empty(),
        true);
  }

  private static PowerLimits limits(Watts limit) {
    return new PowerLimits(limit, limit);
  }

  /**
   * Carries out the last orders, and moves half an hour on, with the work done in it and a new
   * outlook.
   */
  @Setup(Level.Invocation)
  public void halfAnHourLater() {
    Instant before = SyntheticGrid.at(slot);
    orders.forEach(order ->
        engine.on(new Event.LimitApplied(order.gpu(), limits(order.limit()), before)).orders());
    slot++;
    next = outlook();
    for (GpuId id : IDS) {
      engine.on(new Event.WorkReported(id, progress(IDS.indexOf(id)), next.at()));
    }
  }

  private Event.OutlookChanged outlook() {
    Instant now = SyntheticGrid.at(slot);
    return new Event.OutlookChanged(
        new EnergyOutlook(SyntheticGrid.slots(slot, OUTLOOK), 500, now.plus(Duration.ofDays(1))),
        now);
  }

  /** Every job is somewhere else in its 40 hours, and 2 % behind full power. */
  private JobProgress progress(int gpu) {
    Instant now = next.at();
    double elapsed = (slot + 4 * gpu) % 60 * (double) SyntheticGrid.SLOT.toSeconds();
    double done = elapsed / 1.02;
    Instant since = now.minusSeconds((long) elapsed);
    return JobProgress.of(since, now, done, JOB.toSeconds() - done);
  }

  /** The new outlook comes in, and every GPU's limit is decided. */
  @Benchmark
  public List<Order> sixteenGpus() {
    orders = engine.on(next).orders();
    return orders;
  }
}
