package chase.zeus.engine;

import static org.assertj.core.api.Assertions.assertThat;

import chase.zeus.fixtures.RandomEvents;
import chase.zeus.writes.WriteBounds;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Invariants under random events. Replay one run with {@code -Dchase.seed=N}. */
class EngineInvariantsTest {
  private static final int STEPS = 2_000;

  static List<Long> seeds() {
    Long replay = Long.getLong("chase.seed");
    return replay != null ? List.of(replay) : new Random(7).longs(40).boxed().toList();
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void ordersAreSafeWhateverHappens(long seed) {
    System.out.println("chase.seed=" + seed);
    RandomEvents events = new RandomEvents(new Random(seed), SafetyRules.Mode.CONTROL);
    for (int step = 0; step < STEPS; step++) {
      events.nextEvent();
    }
    events.stopAndCheckThatAllIsRestored();
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void noDriverMakesChaseForgetTheOriginalHoweverItRounds(long seed) {
    System.out.println("chase.seed=" + seed);
    RandomEvents events = new RandomEvents(new Random(seed), SafetyRules.Mode.CONTROL, true);
    for (int step = 0; step < STEPS / 4; step++) {
      events.nextEvent();
    }
    events.stopAndCheckThatAllIsRestored();
  }

  /** Tight ones, that are met all the time. */
  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void noOrderBreaksTheBoundsOnWritesWhateverHappens(long seed) {
    System.out.println("chase.seed=" + seed);
    Random random = new Random(seed);
    WriteBounds tight = new WriteBounds(5, 0.1, 8, Duration.ofHours(1));
    RandomEvents events =
        new RandomEvents(random, SafetyRules.Mode.CONTROL, random.nextBoolean(), tight);
    for (int step = 0; step < STEPS / 2; step++) {
      events.nextEvent();
    }
    events.stopAndCheckThatAllIsRestored();
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void observeModeOrdersNothingWhateverHappens(long seed) {
    System.out.println("chase.seed=" + seed);
    RandomEvents events = new RandomEvents(new Random(seed), SafetyRules.Mode.OBSERVE);
    for (int step = 0; step < STEPS / 4; step++) {
      events.nextEvent();
    }
    assertThat(events.orders()).isZero();
  }

  @Test
  void theseEventsProfileJobs() {
    RandomEvents events = new RandomEvents(new Random(1), SafetyRules.Mode.CONTROL);
    for (int step = 0; step < STEPS; step++) {
      events.nextEvent();
    }
    assertThat(events.trials()).isPositive();
  }
}
