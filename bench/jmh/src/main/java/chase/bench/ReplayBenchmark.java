package chase.bench;

import chase.zeus.policy.PowerPolicy;
import chase.zeus.replay.ForecastView;
import chase.zeus.replay.JobOutcome;
import chase.zeus.replay.Replay;
import chase.zeus.replay.ReplayJob;
import chase.zeus.replay.WeightTrace;
import chase.zeus.unit.Watts;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** A year of decisions, one every 30 minutes, by the engine that runs on hosts; the aim is 2 s. */
@State(Scope.Thread)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3)
@Measurement(iterations = 10)
@Fork(1)
public class ReplayBenchmark {
  private static final double BOUND = 0.03;
  private static final Duration YEAR = Duration.ofDays(365);
  private static final int SLOTS = Math.toIntExact(YEAR.dividedBy(SyntheticGrid.SLOT));

  /** Room for the day before, which a forecast looks at, and for the end. */
  private static final int ROOM = 96;

  private final Replay replay =
      new Replay(
          new WeightTrace(SyntheticGrid.slots(-ROOM, SLOTS + 2 * ROOM)),
          SyntheticGrid.PROFILE,
          Watts.ZERO);
  private final PowerPolicy policy = PowerPolicy.budget(BOUND);

  /** The benchmark, as JMH makes it. */
  public ReplayBenchmark() {}

  /** One job that fills the year within its budget, with same-hour-yesterday as the forecast. */
  @Benchmark
  public JobOutcome aYearInOneJob() {
    Duration work = Duration.ofSeconds((long) (YEAR.toSeconds() / (1 + BOUND)));
    return replay.run(
        policy, new ReplayJob(SyntheticGrid.START, work, Optional.empty()), ForecastView.YESTERDAY);
  }
}
