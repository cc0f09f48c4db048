package chase.zeus.profile;

import chase.zeus.profile.MeasuredProfile.MeasuredPoint;
import chase.zeus.profile.ProfilingEvent.Sampled;
import chase.zeus.unit.Watts;
import java.util.Optional;

/**
 * Checks a profile against its running job while no profiling session measures it. A window whose
 * draw or speed leaves the profile's band is suspect; a second one in a row shows that the job has
 * changed. Immutable: each sample returns the next detector.
 */
public final class DriftDetector {
  /** A smaller change than this is ignored: policies would hardly act on it. */
  private static final double MIN_BAND = 0.03;

  /** The same at a limit that the profile only interpolates. */
  private static final double MIN_BAND_INTERPOLATED = 0.05;

  /**
   * Half the band in standard errors; noise alone leaves it twice in a row once in 30,000 windows.
   */
  private static final double ERRORS = 3;

  private final MeasurementRules rules;
  private final Optional<MeasurementWindow> window;
  private final boolean suspect;
  private final Optional<DriftFinding> finding;

  private DriftDetector(
      MeasurementRules rules,
      Optional<MeasurementWindow> window,
      boolean suspect,
      Optional<DriftFinding> finding) {
    this.rules = rules;
    this.window = window;
    this.suspect = suspect;
    this.finding = finding;
  }

  /** The result of a window. */
  public sealed interface DriftFinding {
    /** What was measured in the window. */
    MeasuredPoint seen();

    /** {@code profile} after this result. */
    MeasuredProfile applyTo(MeasuredProfile profile);

    /** The job behaves as expected; the window is added to the profile. */
    record Confirmed(MeasuredPoint seen) implements DriftFinding {
      @Override
      public MeasuredProfile applyTo(MeasuredProfile profile) {
        return profile.with(seen);
      }
    }

    /** The job has changed; the profile ages, and must be measured again. */
    record Drifted(MeasuredPoint seen) implements DriftFinding {
      @Override
      public MeasuredProfile applyTo(MeasuredProfile profile) {
        return profile.shifted(seen);
      }
    }
  }

  /**
   * A detector without samples.
   *
   * @param rules how a window is measured; each window lasts {@link MeasurementRules#longest}
   */
  public static DriftDetector start(MeasurementRules rules) {
    return new DriftDetector(rules, Optional.empty(), false, Optional.empty());
  }

  /** The detector after {@code sample} of a job that {@code profile} describes. */
  public DriftDetector after(Sampled sample, MeasuredProfile profile) {
    if (sample.limit().isEmpty()) {
      return start(rules);
    }
    Watts limit = sample.limit().get();
    boolean sameLimit = window.filter(current -> sample.isUnder(current.limit())).isPresent();
    MeasurementWindow next =
        (sameLimit ? window.orElseThrow() : MeasurementWindow.of(limit)).after(sample, rules);
    Optional<MeasuredPoint> seen = next.isFull(rules) ? next.point(rules) : Optional.empty();
    boolean stillSuspect = sameLimit && suspect;
    return seen.isPresent()
        ? assess(next, seen.get(), stillSuspect, profile)
        : new DriftDetector(rules, Optional.of(next), stillSuspect, Optional.empty());
  }

  private DriftDetector assess(
      MeasurementWindow full, MeasuredPoint seen, boolean wasSuspect, MeasuredProfile profile) {
    boolean out = isOut(seen, profile);
    boolean onlySuspect = out && !wasSuspect;
    DriftFinding finding = out ? new DriftFinding.Drifted(seen) : new DriftFinding.Confirmed(seen);
    Optional<DriftFinding> shown = onlySuspect ? Optional.empty() : Optional.of(finding);
    return new DriftDetector(rules, Optional.of(full.next()), onlySuspect, shown);
  }

  /** A limit outside the profile cannot be out of its band. */
  private static boolean isOut(MeasuredPoint seen, MeasuredProfile profile) {
    Optional<MeasuredPoint> known = profile.at(seen.limit());
    return profile
        .expected(seen.limit())
        .filter(point ->
            isOut(seen.power(), point.power().value(), known.map(MeasuredPoint::power))
                || isOut(
                    seen.throughput(), point.throughput(), known.map(MeasuredPoint::throughput)))
        .isPresent();
  }

  private static boolean isOut(Estimate seen, double expected, Optional<Estimate> known) {
    double error = Math.hypot(seen.error(), known.map(Estimate::error).orElse(0.0));
    double band = known.isPresent() ? MIN_BAND : MIN_BAND_INTERPOLATED;
    return Math.abs(seen.mean() - expected) > Math.max(band * expected, ERRORS * error);
  }

  /**
   * The result of the window that the last sample completed; empty while a window is under way, or
   * only suspect.
   */
  public Optional<DriftFinding> finding() {
    return finding;
  }
}
