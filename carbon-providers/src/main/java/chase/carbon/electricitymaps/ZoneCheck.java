package chase.carbon.electricitymaps;

import chase.carbon.Access;
import chase.carbon.Access.Ability;
import chase.carbon.CarbonUnavailable;
import chase.carbon.CarbonUnavailable.Reason;
import chase.carbon.ClockSkew;
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

  Access check() throws InterruptedException {
    try {
      Optional<ClockSkew> skew = maps.tried();
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
  private Access granted(Optional<ClockSkew> skew) throws InterruptedException {
    Set<Ability> may = EnumSet.of(Ability.LATEST);
    try {
      Zones zones = maps.zones(true);
      may.addAll(zones.may(region));
      return Access.granted(ElectricityMaps.PROVIDER, region, may, zones.regions(), skew);
    } catch (CarbonUnavailable unlisted) {
      return Access.granted(ElectricityMaps.PROVIDER, region, may, List.of(), skew);
    }
  }

  private Access explained(CarbonUnavailable why) throws InterruptedException {
    try {
      Zones mine = maps.zones(true);
      if (mine.holds(region)) {
        return refused(why, mine.regions());
      }
      Zones all = maps.zones(false);
      return all.holds(region)
          ? refused(told(Reason.NOT_ENTITLED, "the key does not cover this zone"), mine.regions())
          : refused(told(Reason.UNKNOWN_REGION, "no such zone, or one retired"), all.regions());
    } catch (CarbonUnavailable unlisted) {
      return refused(why, List.of());
    }
  }

  private CarbonUnavailable told(Reason reason, String what) {
    return new CarbonUnavailable(reason, ElectricityMaps.PROVIDER + " " + region + ": " + what);
  }

  private Access refused(CarbonUnavailable why, List<Region> regions) {
    return Access.refused(ElectricityMaps.PROVIDER, region, why, regions, Optional.empty());
  }
}
