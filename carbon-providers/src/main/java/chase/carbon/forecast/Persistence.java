package chase.carbon.forecast;

/** The newest value goes on. */
record Persistence() implements ForecastModel {
  @Override
  public ModelKind kind() {
    return ModelKind.PERSISTENCE;
  }

  @Override
  public void learn(SlotBuffer past) {}

  @Override
  public double forecast(SlotBuffer past, int steps) {
    return past.at(past.newest());
  }
}
