package chase.daemon.grid;

/**
 * How much carbon and price count in what a joule weighs. Only their ratio matters.
 *
 * @param carbon the weight of the carbon intensity over its reference, 0 or more
 * @param price the weight of the price over its reference, 0 or more
 */
public record SignalWeights(double carbon, double price) {
  /** Carbon alone. */
  public static final SignalWeights CARBON = new SignalWeights(1, 0);

  /** Refuses negative and non-finite weights, and two of zero. */
  public SignalWeights {
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

  /** Whether both count. */
  public boolean isBlended() {
    return carbon > 0 && price > 0;
  }
}
