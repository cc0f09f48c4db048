package chase.daemon.api;

import java.time.Instant;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * One recurring job: {@code GET /v1/batch-sizes}.
 *
 * @param name what it is known by
 * @param api which API it was registered through: {@code chase} or {@code zeus}
 * @param method how its batch size is chosen: {@code chase} or {@code zeus}
 * @param cost what a joule is charged by: {@code energy}, {@code carbon} or {@code price}
 * @param reference the intensity or price at which a joule weighs 1
 * @param batchSizes those that may be tried
 * @param defaultBatchSize its owner's
 * @param targetMetric the value at which a run is done
 * @param higherIsBetter whether that is reached from below
 * @param maxEpochs the most epochs of a run
 * @param eta 1 counts energy alone, 0 time alone
 * @param beta how much dearer than the cheapest a run may become; no key for any
 * @param window how many of the latest runs of a batch size count; 0 for all
 * @param seed what chance begins from
 * @param maxPowerWatts the highest power limit of all its GPUs together
 * @param gpuCount how many GPUs it trains on
 * @param gpuModel their model; blank where nobody said
 * @param createdAt when it was registered
 * @param trials how often it was dispatched
 * @param running how many of those train
 * @param reached how many reached the target
 * @param lastBatchSize what was chosen last
 * @param bestBatchSize the one whose runs that reached the target cost least on average
 * @param bestCostJoules that cost, in weighted joules
 */
public record BatchSizeBody(
    String name,
    String api,
    String method,
    String cost,
    double reference,
    List<Integer> batchSizes,
    int defaultBatchSize,
    double targetMetric,
    boolean higherIsBetter,
    int maxEpochs,
    double eta,
    OptionalDouble beta,
    int window,
    long seed,
    double maxPowerWatts,
    int gpuCount,
    String gpuModel,
    Instant createdAt,
    int trials,
    int running,
    int reached,
    OptionalInt lastBatchSize,
    OptionalInt bestBatchSize,
    OptionalDouble bestCostJoules) {
  /** Copies the list. */
  public BatchSizeBody {
    batchSizes = List.copyOf(batchSizes);
  }
}
