package chase.zeus.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import chase.zeus.profile.PowerProfile.Point;
import chase.zeus.unit.Watts;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PowerHullTest {
  private static Point point(double limit, double power, double throughput) {
    return new Point(new Watts(limit), new Watts(power), throughput);
  }

  private static PowerHull hull(Point... points) {
    return PowerHull.of(new PowerProfile(List.of(points)));
  }

  @Test
  void aConvexCurveIsItsOwnHull() {
    Point[] points = {point(100, 99, 50), point(150, 140, 80), point(200, 190, 95)};
    assertThat(hull(points).points()).containsExactly(points);
  }

  @Test
  void aPointThatIsWorseInBothIsNotOnIt() {
    Point good = point(150, 140, 80);
    assertThat(hull(good, point(200, 190, 79)).points()).containsExactly(good);
    assertThat(PowerHull.pareto(new PowerProfile(List.of(good, point(200, 190, 80)))))
        .containsExactly(good);
  }

  @Test
  void aPointThatAMixOfItsNeighboursBeatsIsNotOnIt() {
    Point slow = point(100, 100, 50);
    Point fast = point(200, 200, 100);
    assertThat(hull(slow, point(150, 160, 75), fast).points()).containsExactly(slow, fast);
    assertThat(hull(slow, point(150, 150, 75), fast).points()).containsExactly(slow, fast);
  }

  @Test
  void ofTwoEqualPointsTheHigherLimitStays() {
    Point capped = point(250, 180, 100);
    assertThat(hull(point(200, 180, 100), capped).points()).containsExactly(capped);
  }

  @Test
  void theHostsDrawMovesTheMostEfficientPointAndNotTheHull() {
    PowerHull bare = hull(point(100, 90, 60), point(150, 140, 85), point(200, 200, 100));
    PowerHull withHost = bare.plus(new Watts(100));
    assertThat(withHost.points()).extracting(Point::limit).isEqualTo(limits(bare));
    assertThat(bare.mostEfficient().limit()).isEqualTo(new Watts(100));
    assertThat(withHost.mostEfficient().limit()).isEqualTo(new Watts(150));
  }

  private static List<Watts> limits(PowerHull hull) {
    return hull.points().stream().map(Point::limit).toList();
  }

  @Test
  void pointsThatDoNotRiseAreRefused() {
    assertThatThrownBy(() -> new PowerHull(List.of(point(100, 90, 60), point(200, 190, 60))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("200 W");
    assertThatThrownBy(() -> new PowerHull(List.of())).hasMessageContaining("at least one");
  }

  @Test
  void noMixOfTwoMeasuredPointsBeatsIt() {
    for (long seed = 1; seed <= 300; seed++) {
      PowerProfile profile = random(new Random(seed));
      PowerHull hull = PowerHull.of(profile);
      double fastest = hull.fastest().throughput();
      assertThat(profile.points()).as("seed %d", seed).allMatch(p -> p.throughput() <= fastest);
      for (int i = 0; i <= 20; i++) {
        double slowest = hull.points().getFirst().throughput();
        double wanted = slowest + (fastest - slowest) * i / 20;
        assertThat(onHull(hull, wanted))
            .as("seed %d at throughput %s", seed, wanted)
            .isCloseTo(cheapestPair(profile, wanted), within(1e-9));
      }
    }
  }

  private static PowerProfile random(Random random) {
    List<Point> points = new ArrayList<>();
    for (int limit = 100; limit <= 100 + 25 * random.nextInt(12); limit += 25) {
      points.add(
          point(limit, limit * random.nextDouble(0.8, 1), Math.sqrt(limit) + random.nextDouble(4)));
    }
    return new PowerProfile(points);
  }

  private static double onHull(PowerHull hull, double throughput) {
    Point before = hull.points().getFirst();
    for (Point point : hull.points()) {
      if (point.throughput() >= throughput) {
        return mixed(before, point, throughput);
      }
      before = point;
    }
    return hull.fastest().power().value();
  }

  /** Brute force: the least power of any two points that reach {@code throughput} together. */
  private static double cheapestPair(PowerProfile profile, double throughput) {
    double least = Double.POSITIVE_INFINITY;
    for (Point one : profile.points()) {
      for (Point other : profile.points()) {
        if (one.throughput() <= throughput + 1e-12 && other.throughput() >= throughput - 1e-12) {
          least = Math.min(least, mixed(one, other, throughput));
        } else if (one.throughput() >= throughput) {
          least = Math.min(least, one.power().value());
        }
      }
    }
    return least;
  }

  private static double mixed(Point slower, Point faster, double throughput) {
    double gap = faster.throughput() - slower.throughput();
    double share = gap < 1e-12 ? 1 : (throughput - slower.throughput()) / gap;
    return (1 - share) * slower.power().value() + share * faster.power().value();
  }
}
