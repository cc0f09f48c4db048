package chase.zeus.engine;

import chase.zeus.energy.EnergyMeter;
import chase.zeus.energy.GpuEnergy;
import chase.zeus.gpu.GpuReading;
import chase.zeus.gpu.GpuTraits;
import chase.zeus.gpu.PowerBound;
import chase.zeus.gpu.RejectedReadings;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What one card was read, as far as it can be believed.
 *
 * @param last the last sample, without what cannot be true of it; none of a card that was lost
 *     since
 * @param meter the energy so far
 * @param contact whether the card answers
 * @param freshness how long a sample is good for
 */
record GpuTelemetry(
    Optional<GpuReading> last, EnergyMeter meter, GpuView.Contact contact, Duration freshness) {
  /** Those of a card that was opened at {@code at}, and not read yet. */
  static GpuTelemetry none(Duration freshness, Instant at) {
    return new GpuTelemetry(
        Optional.empty(),
        EnergyMeter.NEW,
        GpuView.Contact.GOOD.answered(at, at.plus(freshness)),
        freshness);
  }

  /** The driver came back: what the card told before is old. */
  GpuTelemetry reopened(Instant at) {
    return new GpuTelemetry(
        Optional.empty(), meter, contact.answered(at, at.plus(freshness)), freshness);
  }

  GpuTelemetry failed(String why) {
    return new GpuTelemetry(last, meter, contact.failed(why), freshness);
  }

  GpuTelemetry lost(Event.GpuLost lost) {
    GpuView.Contact.State how =
        lost.hung() ? GpuView.Contact.State.HUNG : GpuView.Contact.State.LOST;
    return new GpuTelemetry(Optional.empty(), meter, contact.gone(how, lost.why()), freshness);
  }

  GpuTelemetry after(Event.ReadingTaken taken, GpuTraits traits) {
    PowerBound bound = PowerBound.of(traits);
    GpuReading reading = taken.reading();
    boolean odd = bound.faultOf(reading).isPresent();
    return new GpuTelemetry(
        Optional.of(odd ? reading.withoutPower() : reading),
        meter.after(reading, taken.at(), bound),
        contact.answered(taken.at(), taken.at().plus(freshness)),
        freshness);
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
