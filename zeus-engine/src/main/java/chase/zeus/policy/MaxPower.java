package chase.zeus.policy;

/** Full speed: the highest allowed limit. */
record MaxPower() implements PowerPolicy {
  @Override
  public Verdict judge(Situation situation) {
    return new Verdict.Limit(situation.allowed().max());
  }

  @Override
  public boolean needsProfile() {
    return false;
  }

  @Override
  public String spec() {
    return "max";
  }
}
