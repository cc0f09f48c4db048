package chase.zeus.profile;

import chase.zeus.profile.PowerProfile.Point;
import chase.zeus.profile.ProfilingEvent.Sampled;
import chase.zeus.unit.Joules;
import chase.zeus.unit.Watts;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;

/** A training job that reports every step: 5 % noise on its time, 2 % on the watts. */
final class NoisyJob {
  static final Instant START = Instant.parse("2026-11-23T10:00:00Z");

  private final Random random;
  private PowerProfile curve;
  private Watts limit;
  private Instant now = START;

  NoisyJob(PowerProfile curve, long seed) {
    this.curve = curve;
    this.limit = curve.highestLimit();
    this.random = new Random(seed);
  }

  Instant now() {
    return now;
  }

  void changeTo(PowerProfile next) {
    curve = next;
  }

  void limitTo(Watts next) {
    limit = next;
  }

  void rests(Duration pause) {
    now = now.plus(pause);
  }

  Sampled step() {
    Point truth = curve.at(limit).orElseThrow();
    double seconds = Math.max(0.1, 1 + 0.05 * random.nextGaussian()) / truth.throughput();
    double watts = truth.power().value() * (1 + 0.02 * random.nextGaussian());
    Duration over = Duration.ofNanos(Math.round(seconds * 1e9));
    now = now.plus(over);
    return new Sampled(now, over, 1, new Joules(watts * seconds), limit);
  }

  /** One step under the limit that {@code run} wants, or under the highest. */
  ProfilingSession stepUnder(ProfilingSession run) {
    limit = run.requestedLimit().orElse(curve.highestLimit());
    return run.after(step());
  }

  ProfilingSession finish(ProfilingSession begun) {
    ProfilingSession run = begun;
    for (int steps = 0; run.requestedLimit().isPresent(); steps++) {
      if (steps > 100_000) {
        throw new AssertionError("no end in sight: " + run.state());
      }
      run = stepUnder(run);
    }
    return run;
  }
}
