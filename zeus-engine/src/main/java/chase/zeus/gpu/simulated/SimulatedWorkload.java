package chase.zeus.gpu.simulated;

import chase.zeus.gpu.simulated.SimulatedState.Controls;
import chase.zeus.gpu.simulated.SimulatedState.Meters;
import chase.zeus.profile.PowerProfile.Point;
import chase.zeus.unit.Watts;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * When a simulated job runs: it starts with the GPU, runs for {@code on}, pauses for {@code off},
 * and so on.
 *
 * @param on how long it runs; zero is a GPU without a job
 * @param off how long it pauses; zero is a job that never pauses
 */
public record SimulatedWorkload(Duration on, Duration off) {
  /** Refuses negative times, and both zero, with {@link IllegalArgumentException}. */
  public SimulatedWorkload {
    if (on.isNegative() || off.isNegative() || (on.isZero() && off.isZero())) {
      throw new IllegalArgumentException("a workload cannot run for " + on + " and pause " + off);
    }
  }

  /** A job that never pauses. */
  public static SimulatedWorkload steady() {
    return new SimulatedWorkload(Duration.ofDays(1), Duration.ZERO);
  }

  /** A GPU without a job. */
  public static SimulatedWorkload none() {
    return new SimulatedWorkload(Duration.ZERO, Duration.ofDays(1));
  }

  /** A job that runs for {@code on} and pauses for {@code off}, over and over. */
  public static SimulatedWorkload cycle(Duration on, Duration off) {
    return new SimulatedWorkload(on, off);
  }

  /** Whether the job runs when the GPU is {@code age} old. */
  boolean runningAt(Duration age) {
    return phase(age).compareTo(on) < 0;
  }

  /** How long the job still stays as it is at {@code age}; empty when it never changes. */
  Optional<Duration> changesIn(Duration age) {
    if (on.isZero() || off.isZero()) {
      return Optional.empty();
    }
    Duration phase = phase(age);
    return Optional.of((runningAt(age) ? on : on.plus(off)).minus(phase));
  }

  private Duration phase(Duration age) {
    Duration period = on.plus(off);
    return age.minus(period.multipliedBy(age.dividedBy(period)));
  }

  /**
   * The job of one GPU: a pure function from a GPU's state to its later state.
   *
   * @param preset the GPU model
   * @param workload when the job runs
   * @param start when the GPU was created
   */
  record TrainingJob(GpuPreset preset, SimulatedWorkload workload, Instant start) {
    SimulatedState initialState() {
      Meters still = new Meters(preset.idlePower().value(), 0, 0, Duration.ZERO);
      return new SimulatedState(start, Controls.fresh(preset), still);
    }

    /** The state at {@code now}; a clock that went back changes nothing. */
    SimulatedState advance(SimulatedState state, Instant now) {
      SimulatedState current = state;
      while (current.at().isBefore(now)) {
        current = current.controls().lost() ? current.stoppedUntil(now) : step(current, now);
      }
      return current;
    }

    /** What the GPU does at the moment of {@code state}. */
    SteadyState steadyState(SimulatedState state) {
      return workload.runningAt(age(state)) && !state.controls().jobPaused()
          ? SteadyState.training(
              preset,
              state.controls().limits().enforced(),
              state.controls().userSettings().fastest(preset))
          : SteadyState.idle(preset);
    }

    private SimulatedState step(SimulatedState state, Instant now) {
      Instant until =
          workload
              .changesIn(age(state))
              .map(state.at()::plus)
              .filter(change -> change.isBefore(now))
              .orElse(now);
      Duration time = Duration.between(state.at(), until);
      return new SimulatedState(
          until, state.controls(), state.meters().after(time, steadyState(state)));
    }

    private Duration age(SimulatedState state) {
      return Duration.between(start, state.at());
    }
  }

  /**
   * What a GPU does as long as neither its limit nor its job changes.
   *
   * @param draw the power that it approaches
   * @param throughput training steps a second, 0 while the job pauses
   * @param speed throughput as a share of that without a limit
   * @param powerCapped whether the job would be faster without the power limit
   */
  record SteadyState(Watts draw, double throughput, double speed, boolean powerCapped) {
    static SteadyState idle(GpuPreset preset) {
      return new SteadyState(preset.idlePower(), 0, 0, false);
    }

    /**
     * The job at {@code limit}, which must lie in the preset's range.
     *
     * @param fastest the share of full speed that locked clocks leave; 1 where none are locked
     */
    static SteadyState training(GpuPreset preset, Watts limit, double fastest) {
      Point point = preset.profile().at(limit).orElseThrow();
      double full = preset.profile().fullThroughput();
      double speed = point.throughput() / full;
      return fastest < speed
          ? new SteadyState(preset.drawAt(fastest), full * fastest, fastest, false)
          : new SteadyState(point.power(), point.throughput(), speed, speed < 1);
    }

    boolean running() {
      return throughput > 0;
    }
  }
}
