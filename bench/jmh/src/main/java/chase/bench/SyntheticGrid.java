package chase.bench;

import chase.zeus.policy.EnergyOutlook.Slot;
import chase.zeus.profile.PowerProfile;
import chase.zeus.profile.PowerProfile.Point;
import chase.zeus.unit.Watts;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;

/** A synthetic grid and GPU of the usual size and shape; nothing here is measured. */
final class SyntheticGrid {
  static final Duration SLOT = Duration.ofMinutes(30);
  static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  /** A limit every 25 W, throughput rising less and less. */
  static final PowerProfile PROFILE =
      new PowerProfile(
          IntStream.rangeClosed(4, 10)
              .mapToObj(i -> new Point(new Watts(25 * i), new Watts(23 * i), rate(i / 10.0)))
              .toList());

  private static final double MEAN = 300;
  private static final double DAILY = 120;
  private static final double WEEKLY = 40;
  private static final int SLOTS_A_DAY = 48;

  private SyntheticGrid() {}

  private static double rate(double share) {
    return 1 - 0.5 * Math.pow(1 - share, 1.5);
  }

  /** {@code count} consecutive slots from the {@code first} one on, with days and weeks in them. */
  static List<Slot> slots(int first, int count) {
    return IntStream.range(first, first + count)
        .mapToObj(i -> new Slot(at(i), at(i + 1), weight(i)))
        .toList();
  }

  static Instant at(int slot) {
    return START.plus(SLOT.multipliedBy(slot));
  }

  private static double weight(int slot) {
    double days = 2 * Math.PI * slot / SLOTS_A_DAY;
    // Whole slots repeat after seven days; the 11 keeps neighbours and days apart.
    return MEAN + DAILY * Math.sin(days) + WEEKLY * Math.sin(days / 7) + slot * 7 % 11;
  }
}
