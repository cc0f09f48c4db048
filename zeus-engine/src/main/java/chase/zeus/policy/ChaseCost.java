package chase.zeus.policy;

import chase.zeus.profile.PowerProfile;
import java.util.Optional;

/**
 * Zeus's cost with energy weighed by the grid, {@code (eta P w + (1 - eta) Pmax wref) / throughput}
 * (Chase, arXiv 2303.02508; the authors' code uses eta 0.24 and wref 750 gCO2/kWh).
 *
 * @param eta 1 counts energy alone, 0 time alone
 * @param reference wref in the outlook's unit; without it the outlook's own reference, so that
 *     scaling the signal changes no decision
 */
record ChaseCost(double eta, Optional<Double> reference) implements PowerPolicy {
  /**
   * Weights are divided by the reference: a tiny one would overflow, a huge one would leave
   * nothing.
   */
  private static final double SMALLEST = 1e-3;

  private static final double LARGEST = 1e6;

  ChaseCost {
    eta = PolicyParser.requireEta(eta);
    reference.ifPresent(ChaseCost::requireReference);
  }

  private static void requireReference(double reference) {
    if (!(reference >= SMALLEST && reference <= LARGEST)) {
      throw new IllegalArgumentException("reference must be from 0.001 to 1000000: " + reference);
    }
  }

  @Override
  public PolicyDecision decide(PolicyInput input) {
    if (input.profile().isEmpty()) {
      return new PolicyDecision.NeedsProfile();
    }
    return input
        .outlook()
        .map(outlook -> cheapest(input, input.profile().get(), outlook))
        .orElseGet(PolicyDecision.NeedsSignal::new);
  }

  private PolicyDecision cheapest(PolicyInput input, PowerProfile profile, EnergyOutlook outlook) {
    double weight = outlook.weightAt(input.at()) / reference.orElse(outlook.reference());
    double time = (1 - eta) * profile.highestLimit().value();
    return ZeusCost.cheapest(
        input,
        profile,
        point -> (eta * point.power().value() * weight + time) / point.throughput());
  }

  @Override
  public PolicyKind kind() {
    return PolicyKind.CHASE;
  }

  @Override
  public boolean weighsEnergy() {
    return true;
  }

  @Override
  public boolean weighsGrid() {
    return true;
  }

  @Override
  public String spec() {
    return "chase:"
        + PolicyParser.text(eta)
        + reference.map(own -> ":" + PolicyParser.text(own)).orElse("");
  }
}
