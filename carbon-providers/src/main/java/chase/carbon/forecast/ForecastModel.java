package chase.carbon.forecast;

/** One of those who foresee, as {@link Level}s. */
interface ForecastModel {
  /** Under which name it is scored. */
  ModelKind kind();

  /** Learns from the newest value of {@code past}; called once for each that came true. */
  void learn(SlotBuffer past);

  /**
   * The level foreseen {@code steps} after the newest value of {@code past}; not a number where it
   * cannot say.
   */
  double forecast(SlotBuffer past, int steps);
}
