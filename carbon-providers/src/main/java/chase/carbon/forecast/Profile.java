package chase.carbon.forecast;

/**
 * The usual course of a day, and the newest deviation from it, of which 94 % is left after an hour.
 * That figure is the same for every grid; the regressions find better ones.
 *
 * @param course what is usual
 * @param keptAStep what is left of a deviation after one step
 */
record Profile(DailyCourse course, double keptAStep) implements Member {
  private static final double KEPT_AN_HOUR = 0.94;

  static Profile of(DailyCourse course, Rhythm rhythm) {
    return new Profile(course, keptAStep(rhythm));
  }

  static double keptAStep(Rhythm rhythm) {
    return Math.pow(KEPT_AN_HOUR, rhythm.step().toMinutes() / 60.0);
  }

  @Override
  public Model model() {
    return Model.PROFILE;
  }

  @Override
  public void learn(Timeline past) {}

  @Override
  public double ahead(Timeline past, int steps) {
    return course.at(past.newest() + steps)
        + course.deviation(past, past.newest()) * Math.pow(keptAStep, steps);
  }
}
