package chase.zeus.batchsize;

/** Chooses batch sizes; a pure function of a study, whose seed and trials are all its chance. */
sealed interface BatchSizeSearch permits ChaseSearch, ZeusSearch {
  /** What the next trial is to train with. */
  Suggestion suggest(Study study);

  /** Under which power limits a trial with {@code batchSize} is to train. */
  Trial.LimitPlan limits(Study study, int batchSize);

  /** The most that a run of {@code batchSize} may cost; infinite when nothing is known yet. */
  double costUpperBound(Study study, int batchSize);

  /**
   * Whether a run is stopped before the epoch that would cost too much, and may else reach its
   * target; otherwise it is stopped once it has cost too much, whatever it has reached by then.
   */
  boolean stopsEarly(Study study, int batchSize);

  /** What the policy believes of each batch size. */
  Explanation explain(Study study);

  /**
   * What a policy wants to try next.
   *
   * @param why in words, with figures
   */
  record Suggestion(int batchSize, Trial.Kind kind, String why) {}
}
