package chase.zeus.batchsize;

import java.util.List;

/**
 * What the runs that count say of one batch size.
 *
 * @param logEpochs for each run that reached the target, the logarithm of its epochs
 * @param epochCost what one epoch costs; 0 before a run trained
 * @param lost how many runs were stopped or trained all their epochs
 * @param failed how many ended by themselves
 * @param missCost what a run that missed the target costs on average, with the run of the cheapest
 *     batch size that has to follow
 */
record SizeHistory(
    int batchSize,
    List<Double> logEpochs,
    double epochCost,
    int lost,
    int failed,
    double missCost) {
  /** One failure may be anybody's fault; two in a row are the batch size's, such as no memory. */
  private static final int FAILURES = 2;

  int reached() {
    return logEpochs.size();
  }

  int missed() {
    return lost + failed;
  }

  int trials() {
    return reached() + missed();
  }

  /** Whether a run has trained. */
  boolean hasTrained() {
    return epochCost > 0;
  }

  /** Whether it is left out: it never reached the target, and had its chance. */
  boolean isGivenUp() {
    return reached() == 0 && (lost > 0 || failed >= FAILURES);
  }

  /**
   * The logarithm of the cost, when a run that reaches the target has one and a share misses it.
   */
  double withMisses(double logCost, double share) {
    return Math.log((1 - share) * Math.exp(logCost) + share * missCost);
  }
}
