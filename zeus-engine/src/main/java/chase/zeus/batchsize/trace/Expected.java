package chase.zeus.batchsize.trace;

import chase.zeus.batchsize.EnergyTimeCost;
import chase.zeus.batchsize.TrialUsage;
import chase.zeus.profile.PowerProfile.Point;
import chase.zeus.unit.Joules;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What a recurrence takes on average with one batch size and one limit, over the runs on record;
 * runs that do not reach the target are tried again until one does.
 *
 * @param batchSize what it trains with
 * @param operatingPoint the limit, and what comes of it
 * @param epochs how many epochs are trained
 */
public record Expected(int batchSize, Point operatingPoint, double epochs) {
  /** Empty when no run on record reaches the target. */
  static Optional<Expected> of(JobTrace trace, int batchSize, Point point) {
    int most = trace.job().maxEpochs();
    List<OptionalInt> runs = trace.size(batchSize).epochs();
    int total = 0;
    int reached = 0;
    for (OptionalInt run : runs) {
      boolean reaches = run.isPresent() && run.getAsInt() <= most;
      total += reaches ? run.getAsInt() : most;
      reached += reaches ? 1 : 0;
    }
    return reached == 0
        ? Optional.empty()
        : Optional.of(new Expected(batchSize, point, (double) total / reached));
  }

  /** The batch size and limit that cost least; empty when the target is out of reach. */
  static Optional<Expected> best(JobTrace trace, EnergyTimeCost cost) {
    return trace.batchSizes().stream()
        .flatMap(size ->
            trace.size(size).profile().points().stream()
                .flatMap(point -> of(trace, size, point).stream()))
        .min(Comparator.comparingDouble(expected -> expected.cost(cost)));
  }

  /** The mean cost in joules. */
  public double cost(EnergyTimeCost cost) {
    return epochs * cost.ofEpoch(operatingPoint);
  }

  /** The mean energy and time. */
  public TrialUsage usage() {
    double seconds = epochs / operatingPoint.throughput();
    return TrialUsage.of(new Joules(seconds * operatingPoint.power().value()), seconds);
  }
}
