package chase.zeus.profile;

import chase.zeus.profile.PowerProfile.Point;
import chase.zeus.unit.Watts;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * What was measured of a job so far, from the lowest limit to the highest. Each window is added to
 * it, and {@link #toPowerProfile} derives the profile that policies use.
 *
 * @param points with strictly rising limits; may be empty
 */
public record MeasuredProfile(List<MeasuredPoint> points) {
  /** Nothing measured yet. */
  public static final MeasuredProfile EMPTY = new MeasuredProfile(List.of());

  /** Refuses limits that do not rise with {@link IllegalArgumentException}. */
  public MeasuredProfile {
    points = List.copyOf(points);
    for (int i = 1; i < points.size(); i++) {
      Watts before = points.get(i - 1).limit();
      Watts limit = points.get(i).limit();
      if (before.compareTo(limit) >= 0) {
        throw new IllegalArgumentException(
            "power limits must rise, but " + limit + " follows " + before);
      }
    }
  }

  /** What was measured under {@code limit} itself, to the milliwatt. */
  public Optional<MeasuredPoint> at(Watts limit) {
    return points.stream().filter(point -> point.limit().sameLimitAs(limit)).findFirst();
  }

  /**
   * This profile with one more window; it is combined with the earlier windows of its limit, unless
   * those have aged.
   */
  public MeasuredProfile with(MeasuredPoint window) {
    return replacing(
        at(window.limit())
            .filter(before -> before.samples() > 1)
            .map(before -> before.and(window))
            .orElse(window));
  }

  /** The windows of both profiles. */
  public MeasuredProfile and(MeasuredProfile other) {
    MeasuredProfile sum = this;
    for (MeasuredPoint point : other.points) {
      sum = sum.with(point);
    }
    return sum;
  }

  /** The points that {@code filter} accepts. */
  MeasuredProfile only(Predicate<MeasuredPoint> filter) {
    return new MeasuredProfile(points.stream().filter(filter).toList());
  }

  /**
   * This profile after the job has changed: {@code seen} replaces what was measured at its limit.
   * All other points are assumed to have changed by the same ratios, and age: each counts as a
   * single sample, so that a {@link ProfilingSession} measures them again.
   */
  public MeasuredProfile shifted(MeasuredPoint seen) {
    Optional<Point> before = expected(seen.limit());
    double power = before.map(point -> seen.power().mean() / point.power().value()).orElse(1.0);
    double work = before.map(point -> seen.throughput().mean() / point.throughput()).orElse(1.0);
    List<MeasuredPoint> moved =
        points.stream()
            .map(point ->
                new MeasuredPoint(
                    point.limit(), point.power().aged(power), point.throughput().aged(work)))
            .toList();
    return new MeasuredProfile(moved).replacing(seen);
  }

  private MeasuredProfile replacing(MeasuredPoint fresh) {
    List<MeasuredPoint> next = new ArrayList<>(points);
    next.removeIf(point -> point.limit().sameLimitAs(fresh.limit()));
    next.add(fresh);
    next.sort(Comparator.comparing(MeasuredPoint::limit));
    return new MeasuredProfile(next);
  }

  /**
   * A lower bound of the throughput at {@code limit}, as a share of that at the highest measured
   * limit: on the chord between its measured neighbours, and in proportion to the limit below the
   * lowest, because a rising, concave curve does not run below either. Where nothing was measured,
   * in proportion to {@code highest}.
   */
  public double minimumThroughputShare(Watts limit, Watts highest) {
    if (points.isEmpty()) {
      return Math.min(1, limit.value() / highest.value());
    }
    double full = points.getLast().throughput().mean();
    MeasuredPoint above = points.getLast();
    for (MeasuredPoint point : points.reversed()) {
      if (point.limit().compareTo(limit) <= 0) {
        return Math.min(1, chord(point, above, limit) / full);
      }
      above = point;
    }
    return Math.min(1, above.throughput().mean() * limit.value() / above.limit().value() / full);
  }

  private static double chord(MeasuredPoint low, MeasuredPoint high, Watts limit) {
    double width = high.limit().value() - low.limit().value();
    double share = width > 0 ? Math.min(1, (limit.value() - low.limit().value()) / width) : 0;
    return low.throughput().mean() + share * (high.throughput().mean() - low.throughput().mean());
  }

  /** The expected draw and throughput at {@code limit}; empty outside the measured limits. */
  public Optional<Point> expected(Watts limit) {
    return toPowerProfile(List.of(limit)).flatMap(profile -> profile.at(limit));
  }

  /** The profile for policies, with measured limits only. */
  public Optional<PowerProfile> toPowerProfile() {
    return toPowerProfile(List.of());
  }

  /**
   * The profile for policies; empty when nothing was measured.
   *
   * <p>A point that is significantly worse than another in both power and throughput is left out.
   * The nearest rising, concave curve is fitted to the others, as far as their noise allows; points
   * that then differ by less than their noise are made equal. The limits of {@code alsoAt} that lie
   * between measured ones are interpolated on that curve.
   */
  public Optional<PowerProfile> toPowerProfile(List<Watts> alsoAt) {
    List<MeasuredPoint> good =
        points.stream().filter(point -> points.stream().noneMatch(point::isWorseThan)).toList();
    List<Watts> between = alsoAt.stream().filter(limit -> at(limit).isEmpty()).toList();
    return good.isEmpty() ? Optional.empty() : Optional.of(ProfileFit.of(good).profile(between));
  }

  /**
   * What was measured under one power limit.
   *
   * @param limit the limit, above 0 W
   * @param power the draw under it, in watts
   * @param throughput work a second, in any unit that all points of a profile share; of as many
   *     samples as {@code power}
   */
  public record MeasuredPoint(Watts limit, Estimate power, Estimate throughput) {
    /** Refuses a limit of 0 W and means of different samples with an exception. */
    public MeasuredPoint {
      if (limit.value() == 0) {
        throw new IllegalArgumentException("limit must be above 0 W");
      }
      if (power.samples() != throughput.samples()) {
        throw new IllegalArgumentException(
            "power has " + power.samples() + " samples, throughput " + throughput.samples());
      }
    }

    /** The effective number of samples of both means. */
    public double samples() {
      return power.samples();
    }

    /** The energy of one unit of work, in joules. */
    public double joulesPerStep() {
      return power.mean() / throughput.mean();
    }

    /** The larger of both relative standard errors: 0.01 is known to one percent. */
    public double relativeError() {
      return Math.max(power.relativeError(), throughput.relativeError());
    }

    /**
     * Whether this point draws significantly more and achieves significantly less than {@code
     * other}.
     */
    public boolean isWorseThan(MeasuredPoint other) {
      return power.isAbove(other.power) && other.throughput.isAbove(throughput);
    }

    /**
     * Whether it is significantly slower than {@code other} and takes significantly more energy a
     * step.
     */
    public boolean isSlowerAndLessEfficient(MeasuredPoint other) {
      double relative = Math.hypot(stepError(), other.stepError());
      boolean costsMore =
          Math.log(joulesPerStep() / other.joulesPerStep()) > Estimate.SIGNIFICANT * relative;
      return costsMore && other.throughput.isAbove(throughput);
    }

    /** Both windows of one limit combined. */
    MeasuredPoint and(MeasuredPoint other) {
      return new MeasuredPoint(limit, power.and(other.power), throughput.and(other.throughput));
    }

    private double stepError() {
      return Math.hypot(power.relativeError(), throughput.relativeError());
    }
  }
}
