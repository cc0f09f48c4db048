package chase.carbon.forecast;

/** The newest value goes on. */
record Persistence() implements Member {
  @Override
  public Model model() {
    return Model.PERSISTENCE;
  }

  @Override
  public void learn(Timeline past) {}

  @Override
  public double ahead(Timeline past, int steps) {
    return past.at(past.newest());
  }
}
