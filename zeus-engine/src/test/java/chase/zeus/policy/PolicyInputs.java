package chase.zeus.policy;

import chase.zeus.gpu.PowerRange;
import chase.zeus.policy.EnergyOutlook.Slot;
import chase.zeus.profile.PowerProfile;
import chase.zeus.profile.PowerProfile.Point;
import chase.zeus.unit.Watts;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** Inputs of policies for tests. */
final class PolicyInputs {
  /** ResNet-50, batch size 256, V100 (Zeus, NSDI'23, summary_power_v100.csv); epochs a second. */
  static final PowerProfile V100 =
      new PowerProfile(
          List.of(
              point(100, 98.382, 1 / 6781.173),
              point(125, 121.966, 1 / 5064.970),
              point(150, 144.595, 1 / 4148.660),
              point(175, 166.372, 1 / 3852.180),
              point(200, 184.944, 1 / 3700.973),
              point(225, 205.438, 1 / 3584.303),
              point(250, 220.250, 1 / 3514.987)));

  private static final Instant NOW = Instant.parse("2026-01-01T10:00:00Z");

  private PolicyInputs() {}

  static Point point(double limit, double power, double throughput) {
    return new Point(new Watts(limit), new Watts(power), throughput);
  }

  static PowerRange range(double min, double max) {
    return new PowerRange(new Watts(min), new Watts(max));
  }

  static PolicyInput unknown(PowerRange allowed) {
    return new PolicyInput(allowed, Optional.empty(), Optional.empty(), NOW);
  }

  static PolicyInput known(PowerProfile profile, PowerRange allowed) {
    return new PolicyInput(allowed, Optional.of(profile), Optional.empty(), NOW);
  }

  static PolicyInput grid(
      PowerProfile profile, PowerRange allowed, double weight, double reference) {
    Slot slot = new Slot(NOW, NOW.plus(Duration.ofHours(1)), weight);
    EnergyOutlook outlook =
        new EnergyOutlook(List.of(slot), reference, NOW.plus(Duration.ofHours(1)));
    return new PolicyInput(allowed, Optional.of(profile), Optional.of(outlook), NOW);
  }

  /** A profile of 1 to 12 points whose draw and throughput rise with the limit. */
  static PowerProfile rising(Random random) {
    List<Point> points = new ArrayList<>();
    Point last = point(50 + 100 * random.nextDouble(), 40, 0.1 + random.nextDouble());
    points.add(last);
    for (int more = random.nextInt(12); more > 0; more--) {
      last =
          point(
              last.limit().value() + 1 + 50 * random.nextDouble(),
              last.power().value() + 0.1 + 50 * random.nextDouble(),
              last.throughput() + 0.001 + random.nextDouble());
      points.add(last);
    }
    return new PowerProfile(points);
  }

  /** A range that overlaps the limits of {@code profile}. */
  static PowerRange overlapping(PowerProfile profile, Random random) {
    double lowest = profile.points().getFirst().limit().value();
    double span = profile.highestLimit().value() - lowest;
    double inside = lowest + span * random.nextDouble();
    return range(
        inside - Math.min(inside, 100 * random.nextDouble()), lowest + span + random.nextDouble());
  }
}
