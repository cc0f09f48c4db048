package chase.zeus.engine;

import chase.zeus.gpu.GpuId;
import chase.zeus.gpu.GpuReading;
import chase.zeus.gpu.GpuTraits;
import chase.zeus.gpu.PowerLimits;
import chase.zeus.gpu.PowerRange;
import chase.zeus.policy.EnergyOutlook;
import chase.zeus.profile.PowerProfile;
import chase.zeus.profile.PowerProfile.Point;
import chase.zeus.unit.Joules;
import chase.zeus.unit.Watts;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/** Cards, readings and outlooks for the engine's tests. */
final class Given {
  static final Instant START = Instant.parse("2026-11-23T10:00:00Z");
  static final GpuId GPU = new GpuId("GPU-a");
  static final Rules RULES =
      new Rules(
          Mode.CONTROL, 0.6, Duration.ofMinutes(1), Duration.ofMinutes(10), Duration.ofSeconds(5));

  /** Power and throughput that both rise with the limit, the throughput less and less. */
  static final PowerProfile PROFILE =
      new PowerProfile(
          List.of(
              point(100, 99, 50), point(150, 146, 78), point(200, 191, 94), point(250, 230, 100)));

  private Given() {}

  static Point point(double limit, double power, double throughput) {
    return new Point(new Watts(limit), new Watts(power), throughput);
  }

  static Watts watts(double watts) {
    return new Watts(watts);
  }

  static Instant at(long seconds) {
    return START.plusSeconds(seconds);
  }

  static PowerLimits limits(double watts) {
    return new PowerLimits(watts(watts), watts(watts));
  }

  static GpuTraits traits(GpuId id, int index, Optional<String> unwritable) {
    return new GpuTraits(
        id,
        index,
        "Test card",
        Optional.empty(),
        "1.0",
        Optional.of(new PowerRange(watts(100), watts(300))),
        Optional.of(watts(300)),
        unwritable,
        true);
  }

  static Event.GpuOpened opened(GpuId id, double limit) {
    return new Event.GpuOpened(
        traits(id, 0, Optional.empty()),
        Optional.of(limits(limit)),
        Optional.of(PROFILE),
        Optional.of(OriginalLimit.onRecord(watts(limit))),
        START);
  }

  static EnergyOutlook outlook(double weight, Instant from) {
    Instant to = from.plus(Duration.ofHours(1));
    return new EnergyOutlook(
        List.of(new EnergyOutlook.Slot(from, to, weight)), 500, to.plus(Duration.ofHours(1)));
  }

  static Event.OutlookChanged grid(double weight, Instant at) {
    return new Event.OutlookChanged(outlook(weight, at), at);
  }

  static GpuReading reading(double limit, Optional<Watts> power, Optional<Joules> energy) {
    return new GpuReading(
        Optional.of(limits(limit)),
        power,
        energy,
        OptionalDouble.empty(),
        OptionalInt.empty(),
        OptionalInt.empty(),
        OptionalInt.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  static Event.ReadingTaken seen(GpuId gpu, double limit, Instant at) {
    return new Event.ReadingTaken(gpu, reading(limit, Optional.empty(), Optional.empty()), at);
  }
}
