package chase.zeus.engine;

import chase.zeus.energy.EnergyMeter;
import chase.zeus.energy.GpuEnergy;
import chase.zeus.engine.GpuView.GpuContact;
import chase.zeus.gpu.GpuReading;
import chase.zeus.gpu.GpuReading.ClockEventReason;
import chase.zeus.gpu.GpuTraits;
import chase.zeus.gpu.PowerBound;
import chase.zeus.gpu.RejectedReadings;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * One GPU's readings, as far as they can be believed.
 *
 * @param last the last reading, without what cannot be true of it; empty for a GPU that was lost
 *     since
 * @param meter the energy so far
 * @param contact whether the GPU answers
 * @param freshness how long a reading is good for
 */
record GpuTelemetry(
    Optional<GpuReading> last, EnergyMeter meter, GpuContact contact, Duration freshness) {
  /** These slow a GPU whatever its limit is, to protect it or the host. */
  private static final Set<ClockEventReason> HARDWARE =
      EnumSet.of(
          ClockEventReason.HW_SLOWDOWN,
          ClockEventReason.HW_THERMAL,
          ClockEventReason.HW_POWER_BRAKE);

  /** The telemetry of a GPU that was opened at {@code at}, and not read yet. */
  static GpuTelemetry none(Duration freshness, Instant at) {
    return new GpuTelemetry(
        Optional.empty(),
        EnergyMeter.NEW,
        GpuContact.GOOD.answered(at, at.plus(freshness)),
        freshness);
  }

  /** The driver came back: earlier readings are too old. */
  GpuTelemetry reopened(Instant at) {
    return new GpuTelemetry(
        Optional.empty(), meter, contact.answered(at, at.plus(freshness)), freshness);
  }

  /** The same with another time for which the readings to come are good. */
  GpuTelemetry goodFor(Duration time) {
    return new GpuTelemetry(last, meter, contact, time);
  }

  GpuTelemetry failed(String why) {
    return new GpuTelemetry(last, meter, contact.failed(why), freshness);
  }

  GpuTelemetry lost(Event.GpuLost lost) {
    return new GpuTelemetry(
        Optional.empty(), meter, contact.gone(lost.how(), lost.why()), freshness);
  }

  GpuTelemetry after(Event.ReadingTaken taken, GpuTraits traits) {
    PowerBound bound = PowerBound.of(traits);
    GpuReading reading = taken.reading();
    boolean faulty = bound.faultOf(reading).isPresent();
    return new GpuTelemetry(
        Optional.of(faulty ? reading.withoutPower() : reading),
        meter.after(reading, taken.at(), bound),
        contact.answered(taken.at(), taken.at().plus(freshness)),
        freshness);
  }

  /** The last reading, unless it is too old at {@code at}. */
  Optional<GpuReading> asOf(Instant at) {
    return last.filter(reading -> contact.asOf(at).answers());
  }

  /** What of the hardware, and not of a limit, slows the GPU at {@code at}. */
  Set<ClockEventReason> slowdowns(Instant at) {
    Set<ClockEventReason> slowed = EnumSet.copyOf(HARDWARE);
    slowed.retainAll(asOf(at).flatMap(GpuReading::clockEventReasons).orElse(Set.of()));
    return slowed;
  }

  Optional<Instant> readAt() {
    return meter.readAt();
  }

  Optional<GpuEnergy> energy() {
    return meter.energy();
  }

  RejectedReadings rejected() {
    return meter.rejected();
  }
}
