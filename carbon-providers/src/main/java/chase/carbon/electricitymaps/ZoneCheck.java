package chase.carbon.electricitymaps;

import chase.carbon.CarbonUnavailable;
import chase.carbon.CarbonUnavailable.FailureReason;
import chase.carbon.Region;
import chase.carbon.http.AccessTrial.Explained;
import chase.carbon.http.AccessTrial.KeyCoverage;
import java.util.List;

/** Reads what a key covers from the provider's lists of zones. */
final class ZoneCheck {
  private final ElectricityMaps maps;
  private final Region region;

  ZoneCheck(ElectricityMaps maps) {
    this.maps = maps;
    this.region = maps.region();
  }

  KeyCoverage coverage() throws CarbonUnavailable, InterruptedException {
    Zones zones = maps.zones(true);
    return new KeyCoverage(zones.abilities(region), zones.regions());
  }

  /** The lists of zones distinguish a small plan from a zone that does not exist. */
  Explained explain(CarbonUnavailable why) throws CarbonUnavailable, InterruptedException {
    return switch (why.reason()) {
      case UNKNOWN_REGION, NO_DATA, NOT_ENTITLED -> byZones(why);
      case BAD_KEY,
          ENDPOINT_NOT_IN_PLAN,
          CLOCK_SKEW,
          THROTTLED,
          HELD_BACK,
          PROVIDER_DOWN,
          MALFORMED,
          IMPLAUSIBLE ->
          new Explained(why, List.of());
    };
  }

  private Explained byZones(CarbonUnavailable why) throws CarbonUnavailable, InterruptedException {
    Zones covered = maps.zones(true);
    if (covered.contains(region)) {
      return new Explained(why, covered.regions());
    }
    Zones all = maps.zones(false);
    return all.contains(region)
        ? explained(
            FailureReason.NOT_ENTITLED, "the key does not cover this zone", covered.regions())
        : explained(FailureReason.UNKNOWN_REGION, "no such zone, or one retired", all.regions());
  }

  private Explained explained(FailureReason reason, String what, List<Region> regions) {
    String line = ElectricityMaps.PROVIDER + " " + region + ": " + what;
    return new Explained(new CarbonUnavailable(reason, line), regions);
  }
}
