package chase.zeus.engine;

import chase.zeus.engine.GpuView.Basis;
import chase.zeus.engine.GpuView.Energy;
import chase.zeus.gpu.GpuReading;
import chase.zeus.unit.Joules;
import chase.zeus.unit.Watts;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Adds up a card's energy from its readings, by the card's own counter where it has one.
 *
 * @param energy what was counted so far, empty before the first usable reading
 * @param counter the counter last read
 * @param power the draw last read
 * @param readAt when
 */
record EnergyMeter(
    Optional<Energy> energy,
    Optional<Joules> counter,
    Optional<Watts> power,
    Optional<Instant> readAt) {
  /** Nothing read yet. */
  static final EnergyMeter NEW =
      new EnergyMeter(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

  /** A longer silence between two power samples says nothing about the energy between them. */
  private static final Duration LONGEST_GAP = Duration.ofMinutes(1);

  EnergyMeter after(GpuReading reading, Instant at) {
    Optional<Energy> sum =
        reading.energy().isPresent() ? counted(reading) : integrated(reading, at);
    return new EnergyMeter(
        sum, reading.energy().or(() -> counter), reading.power(), Optional.of(at));
  }

  /**
   * What was taken by {@code at}, not before the last reading; empty when that is too long ago to
   * tell.
   */
  Optional<Spent> at(Instant at) {
    if (energy.isEmpty() || readAt.isEmpty()) {
      return Optional.empty();
    }
    Duration since = Duration.between(readAt.get(), at);
    if (since.isNegative() || since.compareTo(LONGEST_GAP) > 0) {
      return Optional.empty();
    }
    Joules more = power.map(draw -> draw.times(since)).orElse(Joules.ZERO);
    Energy sum = energy.get();
    return Optional.of(new Spent(sum.joules().plus(more), sum.basis(), readAt.get()));
  }

  private Optional<Energy> counted(GpuReading reading) {
    double now = reading.energy().orElseThrow().value();
    double before = counter.map(Joules::value).orElse(now);
    // The counter restarts at zero with the driver: what it shows then is all new.
    return Optional.of(sum(now >= before ? now - before : now, Basis.COUNTER));
  }

  private Optional<Energy> integrated(GpuReading reading, Instant at) {
    if (reading.power().isEmpty()) {
      return energy;
    }
    Duration gap = readAt.map(before -> Duration.between(before, at)).orElse(Duration.ZERO);
    boolean usable = power.isPresent() && !gap.isNegative() && gap.compareTo(LONGEST_GAP) <= 0;
    double joules =
        usable ? power.get().plus(reading.power().get()).times(0.5).times(gap).value() : 0;
    return Optional.of(sum(joules, Basis.INTEGRATED));
  }

  private Energy sum(double joules, Basis basis) {
    Joules before = energy.map(Energy::joules).orElse(Joules.ZERO);
    boolean mixed = energy.isPresent() && energy.get().basis() == Basis.INTEGRATED;
    return new Energy(before.plus(new Joules(joules)), mixed ? Basis.INTEGRATED : basis);
  }
}
