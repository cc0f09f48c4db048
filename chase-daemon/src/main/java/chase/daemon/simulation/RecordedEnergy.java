package chase.daemon.simulation;

import chase.carbon.trace.Trace;
import chase.daemon.grid.EnergyWeight;
import chase.daemon.grid.EnergyWeight.Component.Period;
import chase.daemon.grid.SignalWeights;
import chase.zeus.policy.EnergyOutlook.Slot;
import chase.zeus.replay.JobOutcome;
import chase.zeus.replay.WeightTrace;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What a joule emitted, cost and weighed while a grid was recorded.
 *
 * @param weight what policies go by
 * @param carbon gCO2/kWh
 * @param prices what it cost, where that was recorded
 * @param weights how much carbon and price count in the weight
 */
public record RecordedEnergy(
    WeightTrace weight,
    WeightTrace carbon,
    Optional<RecordedPrices> prices,
    SignalWeights weights) {
  private static final String REMEDY =
      "; chase signal export --whole writes the longest part without one";

  /** The header is the first line, and lines count from one. */
  private static final int LINE_OF_FIRST_ROW = 2;

  /** A grid on which carbon alone counts. */
  public static RecordedEnergy of(WeightTrace carbon) {
    return new RecordedEnergy(carbon, carbon, Optional.empty(), SignalWeights.CARBON);
  }

  /**
   * A grid and its prices, where both were recorded. Each signal's reference is its highest value
   * there.
   *
   * @throws IllegalArgumentException when there is no such time
   */
  public static RecordedEnergy of(
      WeightTrace carbon, RecordedPrices prices, SignalWeights weights) {
    WeightTrace money = prices.aboveLowest();
    Instant from = carbon.from().isAfter(money.from()) ? carbon.from() : money.from();
    Instant to = carbon.to().isBefore(money.to()) ? carbon.to() : money.to();
    if (!from.isBefore(to)) {
      throw new IllegalArgumentException(
          "the signal covers %s to %s, and the prices %s to %s: they have no time in common"
              .formatted(carbon.from(), carbon.to(), money.from(), money.to()));
    }
    EnergyWeight.Component grams = strand(carbon.between(from, to), 0);
    EnergyWeight.Component costs = strand(money.between(from, to), prices.lowest());
    EnergyWeight blend =
        EnergyWeight.of(weights, Optional.of(grams), Optional.of(costs)).orElseThrow();
    return new RecordedEnergy(new WeightTrace(blend.slots()), carbon, Optional.of(prices), weights);
  }

  private static EnergyWeight.Component strand(List<Slot> slots, double above) {
    List<Period> periods =
        slots.stream()
            .map(slot -> new Period(slot.from(), slot.to(), slot.weight() + above))
            .toList();
    double highest = periods.stream().mapToDouble(Period::value).max().orElseThrow();
    return new EnergyWeight.Component(periods, EnergyWeight.Component.reference(highest));
  }

  /** Whether what policies go by is the carbon alone. */
  public boolean carbonAlone() {
    return weights.price() == 0;
  }

  /** What policies try to save, such as {@code carbon}. */
  public String aim() {
    return carbonAlone() ? "carbon" : "weighted energy";
  }

  /** The unit of what policies go by. */
  String unit() {
    return carbonAlone() ? "gCO2/kWh" : "weight of energy";
  }

  double grams(JobOutcome outcome) {
    return outcome.cost(carbon);
  }

  /**
   * The carbon intensities in a CSV file with the header {@code time,grams_per_kwh}. A value holds
   * until the next one. Where the next one is more than three usual steps away the file has a gap,
   * and a simulation over it would be invented, so it is refused.
   *
   * @throws IllegalArgumentException in the form {@code FILE:LINE: what is wrong}
   */
  public static WeightTrace readGrid(Path file) {
    Trace trace = Trace.read(file);
    List<Slot> slots = new ArrayList<>(trace.rows());
    for (int row = 0; row < trace.rows(); row++) {
      if (row > 0) {
        requireNoGap(file, row, trace.to(row - 1), trace.from(row), REMEDY);
      }
      slots.add(new Slot(trace.from(row), trace.to(row), trace.value(row).value()));
    }
    return new WeightTrace(slots);
  }

  /** Refuses a row that does not begin where the one before it ends. */
  static void requireNoGap(Path file, int row, Instant end, Instant next, String remedy) {
    if (end.isBefore(next)) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "%s:%d: gap: no value between %s and %s%s",
              file,
              row + LINE_OF_FIRST_ROW,
              end,
              next,
              remedy));
    }
  }
}
