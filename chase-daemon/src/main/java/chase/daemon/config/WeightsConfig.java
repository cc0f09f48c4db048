package chase.daemon.config;

/**
 * How much carbon and price count in what a joule weighs; only the ratio matters.
 *
 * @param carbon the weight of the carbon intensity over its reference
 * @param price the weight of the price over its reference
 */
public record WeightsConfig(double carbon, double price) {
  /** Refuses negative and non-finite weights, and two of zero. */
  public WeightsConfig {
    require("carbon", carbon);
    require("price", price);
    if (carbon + price == 0) {
      throw new IllegalArgumentException("carbon and price must not both be 0");
    }
  }

  private static void require(String name, double weight) {
    if (!(weight >= 0) || Double.isInfinite(weight)) {
      throw new IllegalArgumentException(name + " must be a number of 0 or more: " + weight);
    }
  }

  static WeightsConfig read(Section section) throws ConfigException {
    double carbon = section.number("carbon", 1);
    double price = section.number("price", 0);
    return section.build(() -> new WeightsConfig(carbon, price));
  }
}
