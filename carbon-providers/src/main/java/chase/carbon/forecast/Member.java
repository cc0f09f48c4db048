package chase.carbon.forecast;

/** One of those who foresee, in the logarithms of {@link Timeline}. */
interface Member {
  /** Under which name it is scored. */
  Model model();

  /** Learns from the newest value of {@code past}; called once for each. */
  void learn(Timeline past);

  /**
   * The value foreseen {@code steps} after the newest one of {@code past}; not a number where it
   * cannot say.
   */
  double ahead(Timeline past, int steps);
}
