package chase.daemon.profiles;

import chase.zeus.profile.Estimate;
import chase.zeus.profile.MeasuredProfile;
import chase.zeus.unit.Watts;
import java.util.List;
import java.util.OptionalInt;

/**
 * A profile's file, key by key. Each record refuses nonsense when it is made, so that the error
 * names the line that the reader has come to.
 *
 * @param batchSize null in the text where the job did not tell
 */
record ProfileLines(
    int version,
    String job,
    String gpuModel,
    int gpuCount,
    OptionalInt batchSize,
    List<Point> points) {
  private static final int VERSION = 1;

  ProfileLines {
    if (version != VERSION) {
      throw new IllegalArgumentException("version must be " + VERSION + ", not " + version);
    }
    new JobFingerprint(job, gpuModel, gpuCount, batchSize);
    profile(points);
  }

  static ProfileLines of(JobFingerprint job, MeasuredProfile profile) {
    return new ProfileLines(
        VERSION,
        job.job(),
        job.gpuModel(),
        job.gpuCount(),
        job.batchSize(),
        profile.points().stream().map(Point::of).toList());
  }

  JobFingerprint fingerprint() {
    return new JobFingerprint(job, gpuModel, gpuCount, batchSize);
  }

  MeasuredProfile profile() {
    return profile(points);
  }

  private static MeasuredProfile profile(List<Point> points) {
    return new MeasuredProfile(points.stream().map(Point::measured).toList());
  }

  /** What was measured under one limit. */
  record Point(
      double powerLimitWatts,
      double powerWatts,
      double throughput,
      double samples,
      double powerDeviationWatts,
      double throughputDeviation) {
    Point {
      named("power_limit_watts", () -> new Watts(powerLimitWatts));
      named("power", () -> new Estimate(samples, powerWatts, powerDeviationWatts));
      named("throughput", () -> new Estimate(samples, throughput, throughputDeviation));
    }

    private static void named(String key, Runnable check) {
      try {
        check.run();
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(key + ": " + e.getMessage(), e);
      }
    }

    static Point of(MeasuredProfile.MeasuredPoint point) {
      return new Point(
          point.limit().value(),
          point.power().mean(),
          point.throughput().mean(),
          point.samples(),
          point.power().deviation(),
          point.throughput().deviation());
    }

    MeasuredProfile.MeasuredPoint measured() {
      return new MeasuredProfile.MeasuredPoint(
          new Watts(powerLimitWatts),
          new Estimate(samples, powerWatts, powerDeviationWatts),
          new Estimate(samples, throughput, throughputDeviation));
    }
  }
}
