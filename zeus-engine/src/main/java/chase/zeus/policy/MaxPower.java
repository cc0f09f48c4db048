package chase.zeus.policy;

/** Full speed: the highest allowed limit. */
record MaxPower() implements PowerPolicy {
  @Override
  public PolicyDecision decide(PolicyInput situation) {
    return new PolicyDecision.Limit(situation.allowed().max());
  }

  @Override
  public boolean needsProfile() {
    return false;
  }

  @Override
  public Kind kind() {
    return Kind.MAX;
  }

  @Override
  public String spec() {
    return "max";
  }
}
