package chase.carbon.forecast;

/** One of those who foresee, as {@link Level}s. */
interface Member {
  /** Under which name it is scored. */
  Model model();

  /** Learns from the newest value of {@code past}; called once for each that came true. */
  void learn(Timeline past);

  /**
   * The level foreseen {@code steps} after the newest value of {@code past}; not a number where it
   * cannot say.
   */
  double ahead(Timeline past, int steps);
}
