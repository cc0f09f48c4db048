package chase.zeus.batchsize.trace;

import chase.zeus.batchsize.EnergyTimeCost;
import chase.zeus.batchsize.Study;
import chase.zeus.batchsize.TrialUsage;
import java.util.List;

/**
 * The result of a replay.
 *
 * @param recurrences what each used, its failed runs included
 * @param study the study at the end
 * @param baseline a mean recurrence with the default batch size at full power
 * @param optimum a mean recurrence with the best batch size and limit
 * @param cost what the study minimised
 */
public record ReplayOutcome(
    List<TrialUsage> recurrences,
    Study study,
    JobTrace.ExpectedRun baseline,
    JobTrace.ExpectedRun optimum,
    EnergyTimeCost cost) {
  private static final int LAST = 5;

  /** Copies the list. */
  public ReplayOutcome {
    recurrences = List.copyOf(recurrences);
  }

  /** The mean energy of the last five recurrences, in joules. */
  public double energyJoulesLast5() {
    return last().stream().mapToDouble(used -> used.energy().value()).average().orElseThrow();
  }

  /** The mean time of the last five recurrences, in seconds. */
  public double secondsLast5() {
    return last().stream().mapToDouble(TrialUsage::seconds).average().orElseThrow();
  }

  /** The mean cost of the last five recurrences, in joules. */
  public double costLast5() {
    return last().stream().mapToDouble(cost::of).average().orElseThrow();
  }

  /** The share of the default's energy that the last five recurrences saved. */
  public double energySaving() {
    return 1 - energyJoulesLast5() / baseline.usage().energy().value();
  }

  /** The share of the default's time that the last five recurrences saved. */
  public double timeSaving() {
    return 1 - secondsLast5() / baseline.usage().seconds();
  }

  /** The share of the default's energy that all recurrences together saved. */
  public double cumulativeEnergySaving() {
    double used = recurrences.stream().mapToDouble(each -> each.energy().value()).sum();
    return 1 - used / (recurrences.size() * baseline.usage().energy().value());
  }

  /** What all recurrences cost beyond the optimum's, in runs of the optimum. */
  public double regret() {
    double spent = recurrences.stream().mapToDouble(cost::of).sum();
    return spent / optimum.cost(cost) - recurrences.size();
  }

  private List<TrialUsage> last() {
    return recurrences.subList(Math.max(0, recurrences.size() - LAST), recurrences.size());
  }
}
