package chase.zeus.engine;

import chase.zeus.gpu.PowerRange;
import chase.zeus.profile.MeasurementRules;
import chase.zeus.profile.ProfilingPlan;
import chase.zeus.unit.Watts;
import java.time.Duration;
import java.util.Optional;

/**
 * How jobs are profiled while they run.
 *
 * @param spacing the watts between two limits; empty for an eighth of the GPU's power range
 * @param windows how long a limit is measured
 * @param betweenSessions the wait between two sessions, for jobs that change all the time
 * @param afterUnsettled the wait after a session that found the job unsteady: it may be steady
 *     later
 */
public record ProfilingRules(
    Optional<Watts> spacing,
    MeasurementRules windows,
    Duration betweenSessions,
    Duration afterUnsettled) {
  private static final Duration BETWEEN_SESSIONS = Duration.ofMinutes(30);
  private static final Duration AFTER_UNSETTLED = Duration.ofHours(1);

  /**
   * Limits an eighth of the GPU's power range apart, measured as {@link MeasurementRules#DEFAULT}
   * says.
   */
  public static final ProfilingRules DEFAULT =
      new ProfilingRules(Optional.empty(), MeasurementRules.DEFAULT);

  /** The same with the usual waits between sessions. */
  public ProfilingRules(Optional<Watts> spacing, MeasurementRules windows) {
    this(spacing, windows, BETWEEN_SESSIONS, AFTER_UNSETTLED);
  }

  /** Refuses a spacing below 1 W with {@link IllegalArgumentException}. */
  public ProfilingRules {
    if (spacing.filter(watts -> watts.value() < 1).isPresent()) {
      throw new IllegalArgumentException("limits must lie at least 1 W apart: " + spacing.get());
    }
  }

  /** These rules for a recording of the grid that is played {@code speed} times as fast. */
  ProfilingRules replayed(double speed) {
    return new ProfilingRules(
        spacing,
        windows.replayed(speed),
        Duration.ofNanos(Math.round(betweenSessions.toNanos() / speed)),
        Duration.ofNanos(Math.round(afterUnsettled.toNanos() / speed)));
  }

  /** The limits worth measuring on a GPU whose power range is {@code gpuRange}. */
  ProfilingPlan plan(PowerRange gpuRange, PowerRange allowed, MeasurementRules rules) {
    return ProfilingPlan.over(
        allowed, spacing.orElseGet(() -> ProfilingPlan.spacing(gpuRange)), rules);
  }
}
