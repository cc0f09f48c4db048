package chase.carbon.watttime;

import chase.carbon.CarbonUnavailable;
import chase.carbon.CarbonUnavailable.FailureReason;
import chase.carbon.ClockSkew;
import chase.carbon.Coordinates;
import chase.carbon.ProviderCheck;
import chase.carbon.ProviderCheck.Ability;
import chase.carbon.Region;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Finds out what an account may do: asks for the number for now, then for its permissions. */
final class AccountCheck {
  private final WattTime wattTime;
  private final WattTime.AccountOptions options;

  AccountCheck(WattTime wattTime, WattTime.AccountOptions options) {
    this.wattTime = wattTime;
    this.options = options;
  }

  ProviderCheck check() throws InterruptedException {
    try {
      Optional<ClockSkew> skew = wattTime.measureClockSkew();
      return located(granted(skew));
    } catch (CarbonUnavailable why) {
      boolean aboutThePlan =
          why.reason() == FailureReason.NOT_ENTITLED
              || why.reason() == FailureReason.UNKNOWN_REGION;
      return aboutThePlan ? located(refused(why, regions())) : refused(why, List.of());
    }
  }

  /** The number for now was had, so that permissions which do not say so are the poorer ones. */
  private ProviderCheck granted(Optional<ClockSkew> skew) throws InterruptedException {
    Set<Ability> may = EnumSet.of(Ability.LATEST);
    try {
      Permissions permissions = wattTime.permissions();
      may.addAll(permissions.abilities(options.region()));
      List<Region> regions = permissions.regions();
      return ProviderCheck.granted(WattTime.PROVIDER, options.region(), may, regions, skew);
    } catch (CarbonUnavailable untold) {
      return ProviderCheck.granted(WattTime.PROVIDER, options.region(), may, List.of(), skew);
    }
  }

  private List<Region> regions() throws InterruptedException {
    try {
      return wattTime.permissions().regions();
    } catch (CarbonUnavailable untold) {
      return List.of();
    }
  }

  private ProviderCheck refused(CarbonUnavailable why, List<Region> regions) {
    return ProviderCheck.refused(
        WattTime.PROVIDER, options.region(), why, regions, Optional.empty());
  }

  /** The same, with where the configured coordinates lie when that is elsewhere. */
  private ProviderCheck located(ProviderCheck access) throws InterruptedException {
    if (options.place().isEmpty()) {
      return access;
    }
    Coordinates place = options.place().get();
    try {
      Region there = wattTime.regionAt(place);
      return there.equals(options.region())
          ? access
          : access.withRemark(place + " lies in " + there);
    } catch (CarbonUnavailable unknown) {
      return access.withRemark(place + " could not be looked up: " + unknown.getMessage());
    }
  }
}
