package chase.zeus.gpu.simulated;

import chase.zeus.gpu.GpuSettings.ClockDomain;
import chase.zeus.gpu.GpuSettings.ClockRange;
import chase.zeus.gpu.PowerLimits;
import chase.zeus.gpu.simulated.SimulatedWorkload.SteadyState;
import chase.zeus.unit.Watts;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A simulated GPU at one moment: a pure value that moves by pure steps.
 *
 * @param at the moment
 * @param controls its settings and faults
 * @param meters what it has counted
 */
record SimulatedState(Instant at, Controls controls, Meters meters) {
  SimulatedState with(Controls changed) {
    return new SimulatedState(at, changed, meters);
  }

  /** The same GPU later, with nothing counted: a lost GPU does not work. */
  SimulatedState stoppedUntil(Instant until) {
    return new SimulatedState(until, controls, meters);
  }

  /**
   * How a GPU is set, and its faults.
   *
   * @param requested the limit last requested
   * @param ceiling the limit that was set out of band; the GPU's highest when none was
   * @param writable whether the host may set limits
   * @param lost whether the GPU has fallen off the bus
   * @param jobPaused whether its job pauses, whatever the workload says
   * @param userSettings the settings that a user may have changed
   */
  record Controls(
      Watts requested,
      Watts ceiling,
      boolean writable,
      boolean lost,
      boolean jobPaused,
      UserSettings userSettings) {
    static Controls fresh(GpuPreset preset) {
      Watts highest = preset.powerRange().max();
      return new Controls(highest, highest, true, false, false, UserSettings.FRESH);
    }

    PowerLimits limits() {
      return new PowerLimits(requested, requested.min(ceiling));
    }

    Controls withRequested(Watts limit) {
      return new Controls(limit, ceiling, writable, lost, jobPaused, userSettings);
    }

    Controls withCeiling(Watts limit) {
      return new Controls(requested, limit, writable, lost, jobPaused, userSettings);
    }

    Controls writable(boolean allowed) {
      return new Controls(requested, ceiling, allowed, lost, jobPaused, userSettings);
    }

    Controls lost(boolean gone) {
      return new Controls(requested, ceiling, writable, gone, jobPaused, userSettings);
    }

    Controls jobPaused(boolean paused) {
      return new Controls(requested, ceiling, writable, lost, paused, userSettings);
    }

    Controls withUserSettings(UserSettings other) {
      return new Controls(requested, ceiling, writable, lost, jobPaused, other);
    }
  }

  /**
   * What a GPU has counted so far.
   *
   * @param watts the draw now
   * @param joules energy since the driver was loaded
   * @param steps training steps since the GPU was created
   * @param capped how long the limit has held the job back since the driver was loaded
   */
  record Meters(double watts, double joules, double steps, Duration capped) {
    /**
     * Seconds in which the draw covers 63 % of the way to its target. No GPU's real delay is
     * published; a second is the window over which NVML averages power on most GPUs.
     */
    private static final double LAG_SECONDS = 1;

    /**
     * The meters after {@code time} in one steady state. The draw approaches its target
     * exponentially and energy is that curve's integral, so it does not matter how often a GPU is
     * read.
     */
    Meters after(Duration time, SteadyState steady) {
      double seconds = time.toNanos() / 1e9;
      double target = steady.draw().value();
      double covered = -Math.expm1(-seconds / LAG_SECONDS);
      return new Meters(
          watts + (target - watts) * covered,
          joules + target * seconds + (watts - target) * LAG_SECONDS * covered,
          steps + steady.throughput() * seconds,
          steady.powerCapped() ? capped.plus(time) : capped);
    }

    /** The meters after a reload of the driver; the job keeps its progress. */
    Meters reloaded() {
      return new Meters(watts, 0, steps, Duration.ZERO);
    }
  }

  /**
   * The settings that a user changed. Locked memory clocks are stored and do not affect the job.
   *
   * @param gpuClocks the locked GPU clocks, empty when the GPU chooses
   * @param memoryClocks the locked memory clocks, empty when the GPU chooses
   * @param persistence whether the driver stays loaded without clients
   */
  record UserSettings(
      Optional<ClockRange> gpuClocks, Optional<ClockRange> memoryClocks, boolean persistence) {
    static final UserSettings FRESH = new UserSettings(Optional.empty(), Optional.empty(), true);

    UserSettings withClocks(ClockDomain domain, Optional<ClockRange> range) {
      return switch (domain) {
        case GPU -> new UserSettings(range, memoryClocks, persistence);
        case MEMORY -> new UserSettings(gpuClocks, range, persistence);
      };
    }

    UserSettings persistence(boolean on) {
      return new UserSettings(gpuClocks, memoryClocks, on);
    }

    /** The share of full speed that the locked clocks leave. */
    double fastest(GpuPreset preset) {
      return gpuClocks.map(range -> preset.speedAt(range.maxMegahertz())).orElse(1.0);
    }
  }
}
