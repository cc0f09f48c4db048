package chase.zeus.engine;

import chase.zeus.gpu.GpuReading;
import chase.zeus.gpu.GpuTraits;
import chase.zeus.gpu.PowerBound;
import chase.zeus.gpu.RejectedReadings;
import java.time.Instant;
import java.util.Optional;

/**
 * What one card was read, as far as it can be believed.
 *
 * @param last the last sample, without what cannot be true of it
 * @param meter the energy so far
 */
record CardReadings(Optional<GpuReading> last, EnergyMeter meter) {
  /** Nothing read yet. */
  static final CardReadings NONE = new CardReadings(Optional.empty(), EnergyMeter.NEW);

  CardReadings after(Event.ReadingTaken taken, GpuTraits traits) {
    PowerBound bound = PowerBound.of(traits);
    GpuReading reading = taken.reading();
    boolean odd = bound.objection(reading).isPresent();
    return new CardReadings(
        Optional.of(odd ? reading.withoutPower() : reading),
        meter.after(reading, taken.at(), bound));
  }

  Optional<Instant> readAt() {
    return meter.readAt();
  }

  Optional<GpuView.Energy> energy() {
    return meter.energy();
  }

  RejectedReadings rejected() {
    return meter.rejected();
  }
}
