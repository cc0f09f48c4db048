package chase.daemon.grid;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TrailingMaximumTest {
  private static final Instant START = Instant.parse("2026-11-23T10:00:00Z");

  private final ReferenceLevel.TrailingMaximum trailing =
      new ReferenceLevel.TrailingMaximum(Duration.ofMinutes(10));

  private static Instant minute(int minute) {
    return START.plus(Duration.ofMinutes(minute));
  }

  @Test
  void nothingHasNoMaximum() {
    assertThat(trailing.at(START)).isEmpty();
  }

  @Test
  void theHighestStaysUntilTheWindowPassesIt() {
    trailing.add(minute(0), 500);
    trailing.add(minute(5), 300);
    trailing.add(minute(9), 400);
    assertThat(trailing.at(minute(10))).hasValue(500.0);
    assertThat(trailing.at(minute(11))).hasValue(400.0);
    assertThat(trailing.at(minute(20))).isEmpty();
  }

  @Test
  void itIsTheMaximumOfTheWindowForAnySignal() {
    long seed = Long.getLong("chase.seed", 20261123L);
    Random random = new Random(seed);
    List<Double> all = new ArrayList<>();
    for (int minute = 0; minute < 2000; minute++) {
      all.add((double) random.nextInt(50));
      trailing.add(minute(minute), all.getLast());
      double expected =
          all.subList(Math.max(0, minute - 10), minute + 1).stream()
              .mapToDouble(Double::doubleValue)
              .max()
              .orElseThrow();
      assertThat(trailing.at(minute(minute))).as("seed " + seed).hasValue(expected);
    }
  }
}
