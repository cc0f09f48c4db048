package chase.carbon.electricitymaps;

import chase.carbon.CarbonUnavailable;
import chase.carbon.CarbonUnavailable.FailureReason;
import chase.carbon.ClockSkew;
import chase.carbon.ProviderCheck;
import chase.carbon.ProviderCheck.Ability;
import chase.carbon.Region;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Finds out what a key may do: asks for the number for now, then for the key's zones. */
final class ZoneCheck {
  private final ElectricityMaps maps;
  private final Region region;

  ZoneCheck(ElectricityMaps maps) {
    this.maps = maps;
    this.region = maps.region();
  }

  ProviderCheck check() throws InterruptedException {
    try {
      Optional<ClockSkew> skew = maps.measureClockSkew();
      return granted(skew);
    } catch (CarbonUnavailable why) {
      return switch (why.reason()) {
        case UNKNOWN_REGION, NO_DATA, NOT_ENTITLED -> explained(why);
        case BAD_KEY,
            ENDPOINT_NOT_IN_PLAN,
            CLOCK_SKEW,
            THROTTLED,
            HELD_BACK,
            PROVIDER_DOWN,
            MALFORMED,
            IMPLAUSIBLE ->
            refused(why, List.of());
      };
    }
  }

  /**
   * The number for now was had, so that a list of zones which does not say so is the poorer one.
   */
  private ProviderCheck granted(Optional<ClockSkew> skew) throws InterruptedException {
    Set<Ability> may = EnumSet.of(Ability.LATEST);
    try {
      Zones zones = maps.zones(true);
      may.addAll(zones.abilities(region));
      return ProviderCheck.granted(ElectricityMaps.PROVIDER, region, may, zones.regions(), skew);
    } catch (CarbonUnavailable unlisted) {
      return ProviderCheck.granted(ElectricityMaps.PROVIDER, region, may, List.of(), skew);
    }
  }

  private ProviderCheck explained(CarbonUnavailable why) throws InterruptedException {
    try {
      Zones mine = maps.zones(true);
      if (mine.contains(region)) {
        return refused(why, mine.regions());
      }
      Zones all = maps.zones(false);
      return all.contains(region)
          ? refused(
              told(FailureReason.NOT_ENTITLED, "the key does not cover this zone"), mine.regions())
          : refused(
              told(FailureReason.UNKNOWN_REGION, "no such zone, or one retired"), all.regions());
    } catch (CarbonUnavailable unlisted) {
      return refused(why, List.of());
    }
  }

  private CarbonUnavailable told(FailureReason reason, String what) {
    return new CarbonUnavailable(reason, ElectricityMaps.PROVIDER + " " + region + ": " + what);
  }

  private ProviderCheck refused(CarbonUnavailable why, List<Region> regions) {
    return ProviderCheck.refused(ElectricityMaps.PROVIDER, region, why, regions, Optional.empty());
  }
}
