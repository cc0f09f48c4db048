package chase.zeus.engine;

import chase.zeus.gpu.PowerRange;
import chase.zeus.profile.MeasurementRules;
import chase.zeus.profile.ProfilingPlan;
import chase.zeus.unit.Watts;
import java.util.Optional;

/**
 * How jobs are measured while they run.
 *
 * @param spacing the watts between two limits; empty for an eighth of the card's range
 * @param windows how long a limit is measured
 */
public record ProfilingRules(Optional<Watts> spacing, MeasurementRules windows) {
  /**
   * Limits an eighth of the card's range apart, measured as {@link MeasurementRules#DEFAULT} says.
   */
  public static final ProfilingRules DEFAULT =
      new ProfilingRules(Optional.empty(), MeasurementRules.DEFAULT);

  /** Refuses a spacing below 1 W with {@link IllegalArgumentException}. */
  public ProfilingRules {
    if (spacing.filter(watts -> watts.value() < 1).isPresent()) {
      throw new IllegalArgumentException("limits must lie at least 1 W apart: " + spacing.get());
    }
  }

  /** The limits worth measuring on a card of range {@code card}. */
  ProfilingPlan plan(PowerRange card, PowerRange allowed, MeasurementRules rules) {
    return ProfilingPlan.over(allowed, spacing.orElseGet(() -> ProfilingPlan.spacing(card)), rules);
  }
}
