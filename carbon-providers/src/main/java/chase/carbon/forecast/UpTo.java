package chase.carbon.forecast;

/**
 * A member that is not asked further ahead than it can be right.
 *
 * @param model who foresees
 * @param maxSteps how many steps ahead
 */
record UpTo(ForecastModel model, int maxSteps) implements ForecastModel {
  @Override
  public ModelKind kind() {
    return model.kind();
  }

  @Override
  public void learn(SlotBuffer past) {
    model.learn(past);
  }

  @Override
  public double forecast(SlotBuffer past, int steps) {
    return steps > maxSteps ? Double.NaN : model.forecast(past, steps);
  }
}
