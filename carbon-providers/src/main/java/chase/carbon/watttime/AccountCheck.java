package chase.carbon.watttime;

import chase.carbon.CarbonUnavailable;
import chase.carbon.CarbonUnavailable.FailureReason;
import chase.carbon.Coordinates;
import chase.carbon.ProviderCheck;
import chase.carbon.Region;
import chase.carbon.http.AccessTrial;
import chase.carbon.http.AccessTrial.Explained;
import chase.carbon.http.AccessTrial.KeyCoverage;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Finds out what an account may do, and whether the configured place lies in its region. */
final class AccountCheck {
  private static final Set<FailureReason> ABOUT_THE_PLAN =
      EnumSet.of(FailureReason.NOT_ENTITLED, FailureReason.UNKNOWN_REGION);

  private final WattTime wattTime;
  private final Optional<Coordinates> place;

  AccountCheck(WattTime wattTime, Optional<Coordinates> place) {
    this.wattTime = wattTime;
    this.place = place;
  }

  ProviderCheck check(AccessTrial trial) throws InterruptedException {
    ProviderCheck check = trial.check(wattTime::current, this::coverage, this::explain);
    boolean granted = !check.abilities().isEmpty();
    return granted || check.failure().filter(ABOUT_THE_PLAN::contains).isPresent()
        ? located(check)
        : check;
  }

  private KeyCoverage coverage() throws CarbonUnavailable, InterruptedException {
    Permissions permissions = wattTime.permissions();
    return new KeyCoverage(permissions.abilities(wattTime.region()), permissions.regions());
  }

  private Explained explain(CarbonUnavailable why) throws CarbonUnavailable, InterruptedException {
    boolean aboutThePlan = ABOUT_THE_PLAN.contains(why.reason());
    return new Explained(why, aboutThePlan ? wattTime.permissions().regions() : List.of());
  }

  /** The same, with where the configured coordinates lie when that is elsewhere. */
  private ProviderCheck located(ProviderCheck check) throws InterruptedException {
    if (place.isEmpty()) {
      return check;
    }
    Coordinates here = place.get();
    try {
      Region there = wattTime.regionAt(here);
      return there.equals(wattTime.region()) ? check : check.withRemark(here + " lies in " + there);
    } catch (CarbonUnavailable unknown) {
      return check.withRemark(here + " could not be looked up: " + unknown.getMessage());
    }
  }
}
