package chase.carbon.coverage;

import chase.carbon.Region;
import java.util.List;
import java.util.stream.Stream;

/**
 * A part of the grid and who serves it.
 *
 * @param name its name in English
 * @param offers a provider each, those without a key first
 */
public record ServedPlace(String name, List<Offer> offers) {
  /** Copies the list. */
  public ServedPlace {
    offers = List.copyOf(offers);
  }

  /**
   * What one provider has of the place.
   *
   * @param terms the provider
   * @param carbon the codes under which it has the carbon intensity; none where it has prices alone
   * @param price the codes under which it has the price
   */
  public record Offer(ProviderTerms terms, List<Region> carbon, List<Region> price) {
    /** Copies the lists. */
    public Offer {
      carbon = List.copyOf(carbon);
      price = List.copyOf(price);
    }

    /** Whether it has the carbon intensity. */
    public boolean hasCarbon() {
      return !carbon.isEmpty();
    }

    Stream<Region> codes() {
      return Stream.concat(carbon.stream(), price.stream());
    }
  }

  /** Whether somebody has its carbon intensity without a key. */
  public boolean isKeyless() {
    return offers.stream().anyMatch(offer -> offer.hasCarbon() && offer.terms().isKeyless());
  }

  Stream<Region> codes() {
    return offers.stream().flatMap(Offer::codes).distinct();
  }
}
