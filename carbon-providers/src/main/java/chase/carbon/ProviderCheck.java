package chase.carbon;

import chase.carbon.CarbonUnavailable.FailureReason;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * What a provider lets this host do.
 *
 * @param provider the provider's short name
 * @param region its region
 * @param failure what stands in the way, empty when the signal can be had
 * @param abilities what the key, or any host where none is needed, may use in the region
 * @param regions the regions that may be used, where the provider lists them; with {@code
 *     UNKNOWN_REGION} all that it knows
 * @param skew how far this host's clock is from the provider's, where that is known
 * @param message the same for people, in one line
 */
public record ProviderCheck(
    String provider,
    Region region,
    Optional<FailureReason> failure,
    Set<Ability> abilities,
    List<Region> regions,
    Optional<ClockSkew> skew,
    String message) {
  private static final int MOST_REGIONS = 3;

  /** What a provider can be asked for. */
  public enum Ability {
    /** The value for now. */
    LATEST,
    /** The hours before. */
    HISTORY,
    /** The hours to come. */
    FORECAST;

    /** In lower case, for people. */
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Copies the collections. */
  public ProviderCheck {
    abilities = Set.copyOf(abilities);
    regions = List.copyOf(regions);
  }

  /** Whether the signal can be had. */
  public boolean usable() {
    return failure.isEmpty();
  }

  /**
   * Access to all of {@code may}, which is not empty; only a wrong clock can prevent it.
   *
   * @param regions the other regions that may be used, where the provider lists them
   */
  public static ProviderCheck granted(
      String provider,
      Region region,
      Set<Ability> may,
      List<Region> regions,
      Optional<ClockSkew> skew) {
    Optional<ClockSkew> wrong = skew.filter(ClockSkew::isExcessive);
    String line =
        provider
            + " "
            + region
            + ": may ask "
            + list(EnumSet.copyOf(may).stream().map(Ability::label).toList())
            + others(region, regions)
            + wrong.map(clocks -> "; but " + clocks).orElse("");
    return new ProviderCheck(
        provider, region, wrong.map(clocks -> FailureReason.CLOCK_SKEW), may, regions, skew, line);
  }

  /** No access, for the reason that {@code why} names. */
  public static ProviderCheck refused(
      String provider,
      Region region,
      CarbonUnavailable why,
      List<Region> regions,
      Optional<ClockSkew> skew) {
    return new ProviderCheck(
        provider,
        region,
        Optional.of(why.reason()),
        Set.of(),
        regions,
        skew,
        Objects.requireNonNull(why.getMessage()));
  }

  /** The same with one more remark at the end of the line. */
  public ProviderCheck withRemark(String remark) {
    return new ProviderCheck(
        provider, region, failure, abilities, regions, skew, message + "; " + remark);
  }

  private static String others(Region region, List<Region> regions) {
    List<String> others =
        regions.stream().filter(other -> !other.equals(region)).map(Region::code).toList();
    if (others.isEmpty()) {
      return "";
    }
    if (others.size() <= MOST_REGIONS) {
      return "; also of " + list(others);
    }
    int more = others.size() - MOST_REGIONS;
    return "; also of "
        + String.join(", ", others.subList(0, MOST_REGIONS))
        + " and "
        + more
        + " more";
  }

  private static String list(List<String> words) {
    int last = words.size() - 1;
    return last < 1
        ? String.join("", words)
        : String.join(", ", words.subList(0, last)) + " and " + words.get(last);
  }
}
