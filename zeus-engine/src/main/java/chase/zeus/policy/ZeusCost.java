package chase.zeus.policy;

import chase.zeus.profile.PowerProfile;

/**
 * The cheapest blend of energy and time, {@code (eta P + (1 - eta) Pmax) / throughput} (Zeus,
 * NSDI'23, equation 7), where Pmax is the highest limit of the profile.
 *
 * @param eta 1 counts energy alone, 0 time alone
 */
record ZeusCost(double eta) implements PowerPolicy {
  ZeusCost {
    eta = PolicyParser.requireEta(eta);
  }

  @Override
  public PolicyDecision decide(PolicyInput situation) {
    return situation
        .profile()
        .map(profile -> cheapest(situation, profile))
        .orElseGet(PolicyDecision.NeedsProfile::new);
  }

  private PolicyDecision cheapest(PolicyInput situation, PowerProfile profile) {
    double time = (1 - eta) * profile.highestLimit().value();
    return CheapestPoint.of(
        situation, profile, point -> (eta * point.power().value() + time) / point.throughput());
  }

  @Override
  public String spec() {
    return "zeus:" + PolicyParser.text(eta);
  }
}
