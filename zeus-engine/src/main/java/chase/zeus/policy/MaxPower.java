package chase.zeus.policy;

/** Full power: the highest allowed limit. */
record MaxPower() implements PowerPolicy {
  @Override
  public PolicyDecision decide(PolicyInput input) {
    return new PolicyDecision.Limit(input.allowed().max());
  }

  @Override
  public boolean needsProfile() {
    return false;
  }

  @Override
  public PolicyKind kind() {
    return PolicyKind.MAX;
  }

  @Override
  public String spec() {
    return "max";
  }
}
