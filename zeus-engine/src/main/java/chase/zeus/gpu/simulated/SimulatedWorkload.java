package chase.zeus.gpu.simulated;

import java.time.Duration;
import java.util.Optional;

/**
 * When a simulated job runs: it starts with the card, runs for {@code on}, rests for {@code off},
 * and so on.
 *
 * @param on how long it runs; zero is a card without a job
 * @param off how long it rests; zero is a job that never rests
 */
public record SimulatedWorkload(Duration on, Duration off) {
  /** Refuses negative times, and both zero, with {@link IllegalArgumentException}. */
  public SimulatedWorkload {
    if (on.isNegative() || off.isNegative() || (on.isZero() && off.isZero())) {
      throw new IllegalArgumentException("a workload cannot run for " + on + " and rest " + off);
    }
  }

  /** A job that never rests. */
  public static SimulatedWorkload steady() {
    return new SimulatedWorkload(Duration.ofDays(1), Duration.ZERO);
  }

  /** A card without a job. */
  public static SimulatedWorkload none() {
    return new SimulatedWorkload(Duration.ZERO, Duration.ofDays(1));
  }

  /** A job that runs for {@code on} and rests for {@code off}, over and over. */
  public static SimulatedWorkload cycle(Duration on, Duration off) {
    return new SimulatedWorkload(on, off);
  }

  /** Whether the job runs when the card is {@code age} old. */
  boolean runningAt(Duration age) {
    return phase(age).compareTo(on) < 0;
  }

  /** How long the job still stays as it is at {@code age}; empty when it never changes. */
  Optional<Duration> changesIn(Duration age) {
    if (on.isZero() || off.isZero()) {
      return Optional.empty();
    }
    Duration phase = phase(age);
    return Optional.of((runningAt(age) ? on : on.plus(off)).minus(phase));
  }

  private Duration phase(Duration age) {
    Duration period = on.plus(off);
    return age.minus(period.multipliedBy(age.dividedBy(period)));
  }
}
