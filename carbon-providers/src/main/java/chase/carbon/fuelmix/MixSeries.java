package chase.carbon.fuelmix;

import chase.carbon.CarbonIntensity;
import chase.carbon.CarbonUnavailable;
import chase.carbon.CarbonUnavailable.FailureReason;
import chase.carbon.Provenance;
import chase.carbon.Region;
import chase.carbon.SignalKind;
import chase.carbon.http.PeriodRows;
import chase.carbon.http.ProviderResponse;
import chase.carbon.plausibility.ZeroCheck;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Makes a series of intensities of an operator's samples.
 *
 * @param provider the provider's short name
 * @param region the operator's grid
 * @param kind the kind of the intensities
 * @param step how long a sample holds
 * @param arithmetic makes one number of a mix
 */
public record MixSeries(
    String provider, Region region, SignalKind kind, Duration step, MixArithmetic arithmetic) {
  /** What the intensities are, wherever their provenance shows. */
  public static final Provenance PROVENANCE =
      new Provenance.Estimated("own calculation from the operator's mix");

  private static final Duration LATELY = Duration.ofMinutes(30);

  /**
   * The intensities of {@code samples}. A sample that lacks a fuel which those just before it have
   * was read while it was written, and is left out; a fuel that stays away is none any more.
   *
   * @param now when the response came
   */
  public PeriodRows<CarbonIntensity> of(
      ProviderResponse response, List<MixSample> samples, Instant now) {
    PeriodRows<CarbonIntensity> rows = new PeriodRows<>(response, ZeroCheck::credible);
    Instant published = response.lastModified().filter(time -> !time.isAfter(now)).orElse(now);
    NavigableMap<Instant, MixSample> onMarks = onMarks(samples);
    for (MixSample sample : onMarks.values()) {
      rows.add(() -> {
        if (sample.fuels() < mostFuels(onMarks, sample.from())) {
          throw response.unavailable(
              FailureReason.NO_DATA, "the mix of " + sample.from() + " is not complete");
        }
        return intensity(response, sample, published, now);
      });
    }
    return rows;
  }

  /** The most that a sample of the last half hour has, or of the last two steps if longer. */
  private long mostFuels(NavigableMap<Instant, MixSample> onMarks, Instant until) {
    Duration twoSteps = step.multipliedBy(2);
    Instant since = until.minus(twoSteps.compareTo(LATELY) > 0 ? twoSteps : LATELY);
    return onMarks.subMap(since, false, until, true).values().stream()
        .mapToLong(MixSample::fuels)
        .max()
        .orElse(0);
  }

  /**
   * The samples by the nearest full step, ascending. Some operators write when they measured,
   * seconds off the mark; of two samples for one mark the nearer counts, and the later of equals.
   */
  private NavigableMap<Instant, MixSample> onMarks(List<MixSample> samples) {
    NavigableMap<Instant, MixSample> nearest = new TreeMap<>();
    for (MixSample sample : samples) {
      nearest.merge(
          mark(sample.from()),
          sample,
          (one, other) -> distance(other).compareTo(distance(one)) <= 0 ? other : one);
    }
    nearest.replaceAll((mark, sample) -> new MixSample(mark, sample.megawatts()));
    return nearest;
  }

  private Instant mark(Instant time) {
    long seconds = step.toSeconds();
    return Instant.ofEpochSecond(
        Math.floorDiv(time.getEpochSecond() + seconds / 2, seconds) * seconds);
  }

  private Duration distance(MixSample sample) {
    return Duration.between(mark(sample.from()), sample.from()).abs();
  }

  private CarbonIntensity intensity(
      ProviderResponse response, MixSample mix, Instant published, Instant now)
      throws CarbonUnavailable {
    double grams =
        arithmetic
            .grams(mix)
            .orElseThrow(() ->
                response.unavailable(
                    FailureReason.NO_DATA, "nothing feeds the grid at " + mix.from()));
    return new CarbonIntensity(
        response.intensity(grams),
        kind,
        PROVENANCE,
        provider,
        region,
        mix.from(),
        mix.from().plus(step),
        published,
        now,
        Optional.empty());
  }
}
