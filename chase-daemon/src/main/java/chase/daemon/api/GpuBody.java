package chase.daemon.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * One card: {@code GET /v1/gpus/UUID}.
 *
 * @param uuid its lasting name
 * @param index its place in the driver's list
 * @param model the product's name
 * @param simulated whether it is arithmetic and not hardware
 * @param driverVersion the driver's version
 * @param pciBusId the PCI bus address
 * @param policy what decides about it: its job's policy, else its own, else the host's
 * @param job the id of the job that registered for it, else of the anonymous one there
 * @param jobName what people call that job
 * @param jobOrigin how Chase knows of it: {@code registered} or {@code anonymous}
 * @param throughputSource where the speed of its job comes from: {@code reported}
 * @param reason why its limit is what it is, in one word; docs/control-api.md lists the words
 * @param until when that reason ends by itself
 * @param pending whether an order is on its way to the card
 * @param lease who drives it himself, through the API of Zeus
 * @param contact whether it answers; without an answer it has no reading and no limits in force
 * @param powerLimit its limits
 * @param reading the last sample
 * @param energy the energy since Chase started
 * @param rejectedReadings how many readings of power and energy were not believed, by why
 * @param emissions the CO2 (equivalent) since Chase started
 * @param writes what came of Chase's writes
 */
public record GpuBody(
    String uuid,
    int index,
    String model,
    boolean simulated,
    String driverVersion,
    Optional<String> pciBusId,
    String policy,
    Optional<String> job,
    Optional<String> jobName,
    Optional<String> jobOrigin,
    Optional<String> throughputSource,
    String reason,
    Optional<Instant> until,
    boolean pending,
    Optional<Lease> lease,
    Contact contact,
    Limits powerLimit,
    Optional<Reading> reading,
    Optional<Energy> energy,
    Map<String, Long> rejectedReadings,
    Optional<Emissions> emissions,
    Writes writes) {

  /**
   * A GPU that somebody drives himself.
   *
   * @param user who
   * @param pid his process, with which the lease ends
   * @param limitWatts the limit that he asked for, where he asked for one
   * @param until when it ends unless he asks again
   */
  public record Lease(String user, OptionalLong pid, OptionalDouble limitWatts, Instant until) {}

  /**
   * Whether a card answers.
   *
   * @param state {@code answering}, {@code silent} (every call fails), {@code hung} (a call has not
   *     come back) or {@code lost}
   * @param since when it last told its readings, where it does not answer
   * @param why what is wrong with it
   */
  public record Contact(String state, Optional<Instant> since, Optional<String> why) {}

  /**
   * Power limits in watts.
   *
   * @param targetWatts what Chase wants; in observe mode what it would set
   * @param requestedWatts what the host last asked the card for
   * @param enforcedWatts what is in force, other limiters included
   * @param originalWatts what Chase found and puts back
   * @param defaultWatts what the board boots with
   * @param minWatts the lowest that the card accepts
   * @param maxWatts the highest that the card accepts
   * @param allowedMinWatts the lowest that Chase may set
   * @param allowedMaxWatts the highest that Chase may set
   */
  public record Limits(
      OptionalDouble targetWatts,
      OptionalDouble requestedWatts,
      OptionalDouble enforcedWatts,
      OptionalDouble originalWatts,
      OptionalDouble defaultWatts,
      OptionalDouble minWatts,
      OptionalDouble maxWatts,
      OptionalDouble allowedMinWatts,
      OptionalDouble allowedMaxWatts) {}

  /**
   * One sample of the card.
   *
   * @param at when it was taken
   * @param powerWatts the draw, averaged as the card averages it
   * @param powerScope {@code module} where that is the draw of CPU and GPU together
   * @param utilizationRatio the share of time with a kernel running, 0 to 1
   * @param smClockMegahertz the SM clock
   * @param memoryClockMegahertz the memory clock
   * @param temperatureCelsius the GPU's temperature
   * @param clockEventReasons why clocks are held down; empty when nothing holds them
   * @param powerCappedSeconds how long the power limit has slowed the card since the driver loaded
   * @param persistenceMode whether the driver stays loaded without clients
   * @param activity how fast the card works, by its own counters or clocks
   */
  public record Reading(
      Optional<Instant> at,
      OptionalDouble powerWatts,
      Optional<String> powerScope,
      OptionalDouble utilizationRatio,
      OptionalInt smClockMegahertz,
      OptionalInt memoryClockMegahertz,
      OptionalInt temperatureCelsius,
      Optional<List<String>> clockEventReasons,
      OptionalDouble powerCappedSeconds,
      Optional<Boolean> persistenceMode,
      Optional<Activity> activity) {}

  /**
   * How fast a card works; comparable for one card, one source and one job only.
   *
   * @param cyclesPerSecond SM cycles of work a second
   * @param source {@code gpm} for hardware counters, {@code clock} for SM clock times utilization
   */
  public record Activity(double cyclesPerSecond, String source) {}

  /**
   * Energy since Chase started.
   *
   * @param joules how much
   * @param basis how it is counted now: {@code counter} for the card's own counter, {@code
   *     integrated} for power samples added up
   * @param integratedJoules what of it was counted from power samples
   */
  public record Energy(double joules, String basis, double integratedJoules) {}

  /**
   * CO2 (equivalent) since Chase started, a second behind the energy at most.
   *
   * @param grams of all energy that was used while the signal was trusted
   * @param gramsByKind the same by what the intensity was, such as {@code measured}
   * @param joulesWithoutSignal the energy that is in no grams
   */
  public record Emissions(
      double grams, Map<String, Double> gramsByKind, double joulesWithoutSignal) {}

  /**
   * What came of Chase's writes so far.
   *
   * @param applied limits that Chase set
   * @param refused writes that were refused for good
   * @param failed writes that failed in passing
   * @param foreign limits that somebody else set
   */
  public record Writes(long applied, long refused, long failed, long foreign) {}

  /**
   * Asks to hold one card at a limit: {@code PUT /v1/gpus/UUID/override}.
   *
   * @param limitWatts the limit
   * @param lasting for how long, as {@link Durations} reads it; its key is {@code for}
   */
  public record OverrideRequest(double limitWatts, @JsonProperty("for") String lasting) {}
}
