package chase.daemon.simulation;

import chase.carbon.trace.PriceTrace;
import chase.zeus.policy.EnergyOutlook.Slot;
import chase.zeus.replay.JobOutcome;
import chase.zeus.replay.WeightTrace;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Currency;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Recorded prices, which may be negative.
 *
 * @param aboveLowest the prices less the lowest of them, money for each MWh
 * @param lowest the lowest of them, or zero where none is negative
 * @param currency which money
 */
public record RecordedPrices(WeightTrace aboveLowest, double lowest, Currency currency) {
  private static final double KWH_PER_MWH = 1000;
  private static final double JOULES_PER_MWH = 3.6e9;

  /**
   * The prices in a CSV file with the header {@code time,eur_per_mwh}, or another currency. A gap
   * is refused as in {@link RecordedEnergy#readGrid}.
   *
   * @throws IllegalArgumentException in the form {@code FILE:LINE: what is wrong}
   */
  public static RecordedPrices read(Path file) {
    PriceTrace trace = PriceTrace.read(file);
    double lowest =
        IntStream.range(0, trace.size()).mapToDouble(row -> price(trace, row)).reduce(0, Math::min);
    List<Slot> slots = new ArrayList<>(trace.size());
    for (int row = 0; row < trace.size(); row++) {
      if (row > 0) {
        RecordedEnergy.requireNoGap(file, row, trace.to(row - 1), trace.from(row), "");
      }
      slots.add(new Slot(trace.from(row), trace.to(row), price(trace, row) - lowest));
    }
    return new RecordedPrices(new WeightTrace(slots), lowest, trace.currency());
  }

  private static double price(PriceTrace trace, int row) {
    return trace.value(row).value();
  }

  /** What the energy of {@code outcome} cost, negative where it was paid for. */
  double cost(JobOutcome outcome) {
    return outcome.cost(aboveLowest) / KWH_PER_MWH
        + lowest * outcome.energy().value() / JOULES_PER_MWH;
  }
}
