package chase.daemon.config;

/**
 * How much carbon and price count in what a joule weighs; only the ratio matters.
 *
 * @param carbon the weight of the carbon intensity over its reference
 * @param price the weight of the price over its reference
 */
public record WeightsConfig(double carbon, double price) {
  private static final Range<Double> WEIGHT = Range.numbers(0, 1_000_000);

  /** The smallest that is not zero: what is smaller overflows where it divides. */
  private static final double SMALLEST = 1e-6;

  /** Refuses weights that are next to nothing, and two of zero. */
  public WeightsConfig {
    require("carbon", carbon);
    require("price", price);
    if (carbon + price == 0) {
      throw new IllegalArgumentException("carbon and price must not both be 0");
    }
  }

  private static void require(String name, double weight) {
    if (weight > 0 && weight < SMALLEST) {
      throw new IllegalArgumentException(name + " must be 0, or 0.000001 or more: " + weight);
    }
  }

  static WeightsConfig read(Section section) throws ConfigException {
    double carbon = section.number("carbon", 1, WEIGHT);
    double price = section.number("price", 0, WEIGHT);
    return section.build(() -> new WeightsConfig(carbon, price));
  }
}
