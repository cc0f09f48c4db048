package chase.zeus.policy;

import chase.zeus.unit.Watts;
import java.util.Optional;

/**
 * One limit, independent of the grid.
 *
 * @param limit above 0 W
 */
record FixedLimit(Watts limit) implements PowerPolicy {
  FixedLimit {
    if (limit.value() == 0) {
      throw new IllegalArgumentException("a fixed limit must be above 0 W");
    }
  }

  @Override
  public PolicyDecision decide(PolicyInput input) {
    return new PolicyDecision.Limit(input.allowed().clamp(limit));
  }

  @Override
  public Optional<Watts> constantLimit() {
    return Optional.of(limit);
  }

  @Override
  public boolean needsProfile() {
    return false;
  }

  @Override
  public PolicyKind kind() {
    return PolicyKind.FIXED;
  }

  @Override
  public String spec() {
    return "fixed:" + PolicyParser.text(limit.value());
  }
}
