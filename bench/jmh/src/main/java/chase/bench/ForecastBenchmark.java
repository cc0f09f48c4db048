package chase.bench;

import chase.carbon.GramsPerKwh;
import chase.carbon.SignalKind.Margin;
import chase.carbon.forecast.ForecastPoint;
import chase.carbon.forecast.Forecaster;
import chase.carbon.forecast.Forecaster.ObservedValue;
import chase.carbon.forecast.TimeGrid;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** One new value of a signal, after two months of them; the aim is 1 ms. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class ForecastBenchmark {
  private static final Duration BEFORE = Duration.ofDays(60);
  private static final Duration AHEAD = Duration.ofDays(4);

  /** Minutes from one value to the next. */
  @Param({"5", "30", "60"})
  public int step;

  private Forecaster forecaster =
      new Forecaster(TimeGrid.of(Duration.ofMinutes(60)), Margin.AVERAGE);
  private Instant next = SyntheticGrid.START;

  /** The benchmark, as JMH makes it. */
  public ForecastBenchmark() {}

  /** Two months of values. */
  @Setup
  public void learn() {
    forecaster = new Forecaster(TimeGrid.of(Duration.ofMinutes(step)), Margin.AVERAGE);
    next = SyntheticGrid.START;
    while (next.isBefore(SyntheticGrid.START.plus(BEFORE))) {
      oneSample();
    }
  }

  private double grams() {
    double hours = Duration.between(SyntheticGrid.START, next).toMinutes() / 60.0;
    return 300 + 100 * Math.sin(hours * Math.PI / 12) + 40 * Math.sin(hours * 0.7) + hours % 11;
  }

  /** One value: all models learn, are scored and forecast. */
  @Benchmark
  public Forecaster oneSample() {
    forecaster.learn(ObservedValue.of(next, new GramsPerKwh(grams())));
    next = next.plus(Duration.ofMinutes(step));
    return forecaster;
  }

  /** The same, and the forecast of the next four days is read. */
  @Benchmark
  public List<ForecastPoint> oneSampleAndFourDays() {
    return oneSample().forecast(next, AHEAD);
  }
}
