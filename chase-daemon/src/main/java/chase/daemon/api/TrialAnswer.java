package chase.daemon.api;

import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * What a run is told: {@code POST /v1/batch-sizes/NAME/trials} and below.
 *
 * @param name the job
 * @param trial the run's number
 * @param batchSize what it is to train with
 * @param kind why: {@code exploration}, {@code concurrent} or {@code sampled}
 * @param status {@code running}, or how it ended
 * @param stop whether it is to end
 * @param reached whether it reached the target
 * @param epochs how many are known
 * @param maxEpochs the most that it may train
 * @param costJoules what it has cost so far, in weighted joules
 * @param mostCostJoules what it may cost; no key while nothing is known
 * @param expectedLimitWatts the power limit that costs least by the profile that was measured
 * @param limitFromBatchSize whose profile that is, where it is another's
 * @param message why, in words
 */
public record TrialAnswer(
    String name,
    int trial,
    int batchSize,
    String kind,
    String status,
    boolean stop,
    boolean reached,
    int epochs,
    int maxEpochs,
    double costJoules,
    OptionalDouble mostCostJoules,
    OptionalDouble expectedLimitWatts,
    OptionalInt limitFromBatchSize,
    String message) {}
