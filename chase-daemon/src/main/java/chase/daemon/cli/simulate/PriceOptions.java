package chase.daemon.cli.simulate;

import chase.daemon.grid.SignalWeights;
import chase.daemon.simulation.RecordedEnergy;
import chase.daemon.simulation.RecordedPrices;
import chase.daemon.text.Numbers;
import chase.zeus.replay.WeightTrace;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Option;

/** The options of {@code chase simulate} for prices and their weight. */
final class PriceOptions {
  private static final String CARBON = "carbon";
  private static final String PRICE = "price";

  @Option(
      names = "--price",
      paramLabel = "FILE",
      description = "What energy cost: CSV with the header time,eur_per_mwh, or another currency.")
  private Optional<Path> file = Optional.empty();

  @Option(
      names = "--weights",
      split = ",",
      paramLabel = "NAME=WEIGHT",
      description =
          "How much carbon and price count, each over its highest value, such as carbon=1,price=1;"
              + " with --price both count 1, without it carbon alone.")
  private Map<String, Double> weights = new LinkedHashMap<>();

  /**
   * The grid with its prices, where there are some.
   *
   * @throws IllegalArgumentException that names the option or the line that cannot be used
   */
  RecordedEnergy energy(WeightTrace carbon) {
    SignalWeights wanted = weights();
    if (file.isEmpty()) {
      if (wanted.price() > 0) {
        throw new IllegalArgumentException("--weights: price counts only with --price FILE");
      }
      return RecordedEnergy.of(carbon);
    }
    return RecordedEnergy.of(carbon, RecordedPrices.read(file.get()), wanted);
  }

  private SignalWeights weights() {
    if (weights.isEmpty()) {
      return file.isPresent() ? new SignalWeights(1, 1) : SignalWeights.CARBON;
    }
    for (String name : weights.keySet()) {
      if (!Set.of(CARBON, PRICE).contains(name)) {
        throw new IllegalArgumentException("--weights: '" + name + "' is neither carbon nor price");
      }
    }
    try {
      return new SignalWeights(weights.getOrDefault(CARBON, 0.0), weights.getOrDefault(PRICE, 0.0));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("--weights: " + e.getMessage(), e);
    }
  }

  /** The prices in words, such as {@code , prices.csv (carbon 1, price 1)}. */
  String description() {
    return file.map(prices ->
            ", %s (carbon %s, price %s)"
                .formatted(
                    prices.getFileName(),
                    Numbers.oneDecimal(weights().carbon()),
                    Numbers.oneDecimal(weights().price())))
        .orElse("");
  }
}
