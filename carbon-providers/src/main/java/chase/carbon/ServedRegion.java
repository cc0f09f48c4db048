package chase.carbon;

import java.util.List;

/**
 * A region that a provider serves.
 *
 * @param region its code in the provider's own words, as {@code carbon.region} takes it
 * @param place its name in English, such as {@code Germany}
 */
public record ServedRegion(Region region, String place) {
  /** The region of that code. */
  public static ServedRegion of(String code, String place) {
    return new ServedRegion(new Region(code), place);
  }

  /** The codes of regions, in their order. */
  public static List<String> codes(List<ServedRegion> regions) {
    return regions.stream().map(served -> served.region().code()).toList();
  }
}
