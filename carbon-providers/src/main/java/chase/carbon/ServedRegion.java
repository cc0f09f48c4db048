package chase.carbon;

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
}
