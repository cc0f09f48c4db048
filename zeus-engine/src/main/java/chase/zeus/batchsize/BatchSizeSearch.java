package chase.zeus.batchsize;

/** Suggests batch sizes; a pure function of a study, whose seed makes its random numbers. */
sealed interface BatchSizeSearch permits ChaseSearch, ZeusSearch {
  /**
   * What the next trial is to train with.
   *
   * @param why in words, with figures
   */
  record Suggestion(int batchSize, Trial.TrialKind kind, String why) {}

  /** What the next trial is to train with. */
  Suggestion suggest(Study study);

  /** Under which power limits a trial with {@code batchSize} is to train. */
  Trial.LimitPlan limits(Study study, int batchSize);

  /** The cost above which a trial of {@code batchSize} is stopped; infinite while none is known. */
  double costUpperBound(Study study, int batchSize);

  /**
   * Whether a trial is stopped before the epoch that would exceed the bound, unless it reaches its
   * target first; otherwise it is stopped once it has exceeded it, even if it has reached the
   * target by then.
   */
  boolean stopsEarly(Study study, int batchSize);

  /** What the search believes of each batch size. */
  Explanation explain(Study study);
}
