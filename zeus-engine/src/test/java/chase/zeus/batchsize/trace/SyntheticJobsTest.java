package chase.zeus.batchsize.trace;

import static org.assertj.core.api.Assertions.assertThat;

import chase.zeus.batchsize.EnergyTimeCost;
import chase.zeus.batchsize.SearchMethod;
import chase.zeus.batchsize.Study;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Jobs that no parameter was tuned to. */
class SyntheticJobsTest {
  private static final long FIRST = Long.getLong("chase.seed", 4200);
  private static final int JOBS = 30;
  private static final int RECURRENCES = 100;

  /** What one job cost: our regret over Zeus's, and our last five runs over Zeus's. */
  private record Pair(double regret, double last) {}

  private static TraceReplay replay(long seed) {
    JobTrace trace = SyntheticJob.of(seed).trace();
    return new TraceReplay(trace, new EnergyTimeCost(0.5, trace.maxPower()), Optional.of(2.0));
  }

  private static Pair pair(long seed) {
    TraceReplay replay = replay(seed);
    ReplayOutcome zeus = replay.run(SearchMethod.ZEUS, RECURRENCES, seed);
    ReplayOutcome chase = replay.run(SearchMethod.CHASE, RECURRENCES, seed);
    return new Pair(chase.regret() / zeus.regret(), chase.costLast5() / zeus.costLast5());
  }

  @Test
  void learningCostsLessThanWithZeusAndEndsNoWorse() {
    System.out.println("chase.seed=" + FIRST);
    Pair[] pairs =
        IntStream.range(0, JOBS).parallel().mapToObj(i -> pair(FIRST + i)).toArray(Pair[]::new);
    double regret =
        IntStream.range(0, JOBS).mapToDouble(i -> pairs[i].regret()).average().orElseThrow();
    double last =
        IntStream.range(0, JOBS).mapToDouble(i -> pairs[i].last()).average().orElseThrow();
    System.out.printf(
        Locale.ROOT, "regret over Zeus's %.3f, last five over Zeus's %.3f%n", regret, last);
    assertThat(regret).isLessThan(0.8);
    assertThat(last).isLessThan(1.01);
  }

  @Test
  void theSameSeedChoosesTheSame() {
    TraceReplay replay = replay(FIRST);
    for (SearchMethod method : SearchMethod.values()) {
      Study once = replay.run(method, 20, 5).study();
      assertThat(replay.run(method, 20, 5).study()).isEqualTo(once);
      assertThat(new Study(once.spec(), once.trials())).isEqualTo(once);
    }
  }
}
