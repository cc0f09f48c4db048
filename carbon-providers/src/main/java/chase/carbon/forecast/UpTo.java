package chase.carbon.forecast;

/**
 * A member that is not asked further ahead than it can be right.
 *
 * @param member who foresees
 * @param most how many steps ahead
 */
record UpTo(Member member, int most) implements Member {
  @Override
  public Model model() {
    return member.model();
  }

  @Override
  public void learn(Timeline past) {
    member.learn(past);
  }

  @Override
  public double ahead(Timeline past, int steps) {
    return steps > most ? Double.NaN : member.ahead(past, steps);
  }
}
