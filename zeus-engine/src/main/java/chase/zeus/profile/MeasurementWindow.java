package chase.zeus.profile;

import chase.zeus.profile.Estimate.RunningMean;
import chase.zeus.profile.MeasuredProfile.MeasuredPoint;
import chase.zeus.profile.ProfilingEvent.Sampled;
import chase.zeus.unit.Watts;
import java.time.Duration;
import java.util.Optional;

/**
 * The measurement under one limit. Samples of another limit, pauses of the job, and the warm-up
 * after either are left out.
 *
 * @param warm how long the job has run under it since the last interruption
 * @param pending an interval that is too short to count yet, or has no steps yet
 * @param outliers how many samples in a row were outliers
 * @param power the draw in watts
 * @param throughput steps a second
 */
record MeasurementWindow(
    Watts limit,
    Duration warm,
    Optional<Sampled> pending,
    int outliers,
    RunningMean power,
    RunningMean throughput) {
  /**
   * A rate that differs by more than this factor is not noise: the job pauses, or a pause has
   * ended.
   */
  private static final double OUTLIER_FACTOR = 2;

  /** So many outliers in a row are the new normal. */
  private static final int MAX_OUTLIERS = 3;

  static MeasurementWindow of(Watts limit) {
    return new MeasurementWindow(
        limit, Duration.ZERO, Optional.empty(), 0, RunningMean.EMPTY, RunningMean.EMPTY);
  }

  /** The warm-up starts again; what was measured stays. */
  MeasurementWindow interrupted() {
    return new MeasurementWindow(
        limit, Duration.ZERO, Optional.empty(), outliers, power, throughput);
  }

  /** Another window under the same limit, without a new warm-up. */
  MeasurementWindow next() {
    return new MeasurementWindow(limit, warm, pending, 0, RunningMean.EMPTY, RunningMean.EMPTY);
  }

  MeasurementWindow after(Sampled sample, MeasurementRules rules) {
    if (!sample.isUnder(limit)) {
      return interrupted();
    }
    if (!isWarm(rules)) {
      return warmingUp(sample, rules);
    }
    Sampled whole = pending.map(sample::after).orElse(sample);
    if (whole.steps() > 0 && whole.energy().value() > 0 && !isShort(whole, rules)) {
      return measured(whole);
    }
    return whole.over().compareTo(rules.silence()) > 0
        ? interrupted()
        : new MeasurementWindow(limit, warm, Optional.of(whole), outliers, power, throughput);
  }

  /** The warm-up ends with a step, so that the first interval that counts begins with one. */
  private MeasurementWindow warmingUp(Sampled sample, MeasurementRules rules) {
    Duration time = warm.plus(sample.over());
    boolean within = time.compareTo(rules.warmUp()) < 0;
    Duration next = sample.steps() > 0 || within ? time : warm;
    return new MeasurementWindow(limit, next, pending, outliers, power, throughput);
  }

  boolean isWarm(MeasurementRules rules) {
    return warm.compareTo(rules.warmUp()) >= 0;
  }

  private static boolean isShort(Sampled sample, MeasurementRules rules) {
    return sample.over().compareTo(rules.sample()) < 0;
  }

  private MeasurementWindow measured(Sampled sample) {
    double rate = sample.steps() / sample.seconds();
    if (throughput.count() == 0 || isNormal(rate)) {
      return plus(sample, rate);
    }
    boolean outliersPrevail = throughput.count() <= outliers || outliers + 1 >= MAX_OUTLIERS;
    if (outliersPrevail || (rate > throughput.mean() && throughput.count() == 1)) {
      return of(limit).warmedBy(sample); // the samples before were the outliers
    }
    return new MeasurementWindow(
        limit, Duration.ZERO, Optional.empty(), outliers + 1, power, throughput);
  }

  private boolean isNormal(double rate) {
    return rate * OUTLIER_FACTOR >= throughput.mean() && rate <= throughput.mean() * OUTLIER_FACTOR;
  }

  private MeasurementWindow warmedBy(Sampled sample) {
    return new MeasurementWindow(limit, sample.over(), pending, outliers, power, throughput);
  }

  private MeasurementWindow plus(Sampled sample, double rate) {
    double seconds = sample.seconds();
    return new MeasurementWindow(
        limit,
        warm,
        Optional.empty(),
        0,
        power.plus(sample.energy().value() / seconds, seconds),
        throughput.plus(rate, seconds));
  }

  /** What was measured; empty while there are fewer samples than a window needs. */
  Optional<MeasuredPoint> point(MeasurementRules rules) {
    return throughput.count() < rules.samples()
        ? Optional.empty()
        : Optional.of(new MeasuredPoint(limit, power.estimate(), throughput.estimate()));
  }

  /** Whether the window has lasted as long as a window may. */
  boolean isFull(MeasurementRules rules) {
    return throughput.weight() >= rules.longest().toNanos() / 1e9;
  }
}
