package chase.zeus.gpu;

import chase.zeus.unit.Joules;
import chase.zeus.unit.Watts;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;

/**
 * One sample of a card. What the card cannot tell is empty.
 *
 * @param limits requested and enforced power limit
 * @param power the draw, averaged as the card averages it
 * @param energy the card's own energy counter, which restarts with the driver
 * @param utilization the share of time with a kernel running, 0 to 1
 * @param smClockMegahertz the SM clock
 * @param memoryClockMegahertz the memory clock
 * @param temperatureCelsius the GPU's temperature
 * @param clockEventReasons why clocks are held down; absent when the card does not tell, empty when
 *     nothing holds them
 * @param powerCapped how long the power limit has slowed the card since the driver was loaded
 * @param persistenceMode whether the driver stays loaded without clients
 * @param activity how fast the card works, for jobs that do not report it
 */
public record GpuReading(
    Optional<PowerLimits> limits,
    Optional<Watts> power,
    Optional<Joules> energy,
    OptionalDouble utilization,
    OptionalInt smClockMegahertz,
    OptionalInt memoryClockMegahertz,
    OptionalInt temperatureCelsius,
    Optional<Set<ClockEventReason>> clockEventReasons,
    Optional<Duration> powerCapped,
    Optional<Boolean> persistenceMode,
    Optional<Activity> activity) {
  /** The same sample of a card that does not tell its draw. */
  public GpuReading withoutPower() {
    return new GpuReading(
        limits,
        Optional.empty(),
        energy,
        utilization,
        smClockMegahertz,
        memoryClockMegahertz,
        temperatureCelsius,
        clockEventReasons,
        powerCapped,
        persistenceMode,
        activity);
  }
}
