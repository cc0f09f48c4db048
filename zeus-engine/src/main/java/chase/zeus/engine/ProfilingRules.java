package chase.zeus.engine;

import chase.zeus.gpu.PowerRange;
import chase.zeus.profile.MeasurementRules;
import chase.zeus.profile.ProfilingPlan;
import chase.zeus.unit.Watts;
import java.util.Optional;

/**
 * How jobs are profiled while they run.
 *
 * @param spacing the watts between two limits; empty for an eighth of the GPU's power range
 * @param windows how long a limit is measured
 */
public record ProfilingRules(Optional<Watts> spacing, MeasurementRules windows) {
  /**
   * Limits an eighth of the GPU's power range apart, measured as {@link MeasurementRules#DEFAULT}
   * says.
   */
  public static final ProfilingRules DEFAULT =
      new ProfilingRules(Optional.empty(), MeasurementRules.DEFAULT);

  /** Refuses a spacing below 1 W with {@link IllegalArgumentException}. */
  public ProfilingRules {
    if (spacing.filter(watts -> watts.value() < 1).isPresent()) {
      throw new IllegalArgumentException("limits must lie at least 1 W apart: " + spacing.get());
    }
  }

  /** The limits worth measuring on a GPU whose power range is {@code gpuRange}. */
  ProfilingPlan plan(PowerRange gpuRange, PowerRange allowed, MeasurementRules rules) {
    return ProfilingPlan.over(
        allowed, spacing.orElseGet(() -> ProfilingPlan.spacing(gpuRange)), rules);
  }
}
