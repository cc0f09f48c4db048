package chase.daemon.profiles;

import chase.carbon.PlainLine;
import chase.zeus.profile.Estimate;
import chase.zeus.profile.MeasuredProfile;
import chase.zeus.unit.Watts;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The contents of a profile's file: the profile, and the job that it was measured of. What this
 * version would not write is refused, because a wrong profile would break a job's slowdown budget.
 */
record ProfileFile(JobFingerprint job, MeasuredProfile profile) {
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .addModule(new Jdk8Module())
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .build();

  /** The text from which {@link #parse} reads equal contents, with a line break at its end. */
  String text() {
    try {
      Layout layout = Layout.of(job, profile);
      return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(layout) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("cannot write the profile of " + job, e);
    }
  }

  /**
   * Reads {@code text}.
   *
   * @param sourceName the name of the text in errors, such as its file's
   * @throws IllegalArgumentException in the form {@code NAME:LINE: what is wrong}
   */
  static ProfileFile parse(String sourceName, String text) {
    try {
      Layout layout = JSON.readValue(text, Layout.class);
      if (layout == null) {
        throw new IllegalArgumentException(sourceName + ":1: no profile");
      }
      return new ProfileFile(layout.fingerprint(), layout.profile());
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          sourceName + ":" + line(e.getLocation()) + ": " + reason(e), e);
    }
  }

  private static int line(@Nullable JsonLocation location) {
    return location == null ? 1 : Math.max(1, location.getLineNr());
  }

  private static String reason(JsonProcessingException e) {
    Throwable cause = e.getCause();
    return PlainLine.of(
        cause instanceof IllegalArgumentException && cause.getMessage() != null
            ? cause.getMessage()
            : e.getOriginalMessage().split(";", 2)[0]); // what follows names Jackson's own switches
  }

  /**
   * A profile's file, key by key. Each record refuses invalid values when it is made, so that the
   * error names the line that the parser has reached.
   *
   * @param batchSize null in the text where the job did not name one
   */
  record Layout(
      int version,
      String job,
      String gpuModel,
      int gpuCount,
      Optional<Integer> batchSize,
      List<LimitLayout> points) {
    private static final int VERSION = 1;

    Layout {
      if (version != VERSION) {
        throw new IllegalArgumentException("version must be " + VERSION + ", not " + version);
      }
      new JobFingerprint(job, gpuModel, gpuCount, batchSize);
      profile(points);
    }

    static Layout of(JobFingerprint job, MeasuredProfile profile) {
      return new Layout(
          VERSION,
          job.job(),
          job.gpuModel(),
          job.gpuCount(),
          job.batchSize(),
          profile.points().stream().map(LimitLayout::of).toList());
    }

    JobFingerprint fingerprint() {
      return new JobFingerprint(job, gpuModel, gpuCount, batchSize);
    }

    MeasuredProfile profile() {
      return profile(points);
    }

    private static MeasuredProfile profile(List<LimitLayout> points) {
      return new MeasuredProfile(points.stream().map(LimitLayout::measured).toList());
    }

    /** What was measured under one limit. */
    record LimitLayout(
        double powerLimitWatts,
        double powerWatts,
        double throughput,
        double samples,
        double powerDeviationWatts,
        double throughputDeviation) {
      LimitLayout {
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

      static LimitLayout of(MeasuredProfile.MeasuredPoint point) {
        return new LimitLayout(
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
}
