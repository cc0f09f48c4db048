package chase.carbon.watttime;

import chase.carbon.CarbonUnavailable;
import chase.carbon.ProviderCheck.Ability;
import chase.carbon.Region;
import chase.carbon.http.JsonBody;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Reads the body of {@code /v3/my-access}: for each signal the regions, and for each of those what
 * the account may use.
 */
record Permissions(JsonBody body) {
  /** The regions that the account covers. */
  List<Region> regions() throws CarbonUnavailable {
    List<Region> regions = new ArrayList<>();
    for (JsonBody region : entries()) {
      region
          .text("region")
          .filter(code -> !code.isBlank())
          .map(Region::new)
          .ifPresent(regions::add);
    }
    return regions;
  }

  /** What the account allows in one region. */
  Set<Ability> abilities(Region region) throws CarbonUnavailable {
    Set<Ability> may = EnumSet.noneOf(Ability.class);
    for (JsonBody entry : entries()) {
      if (entry.text("region").equals(Optional.of(region.code()))) {
        for (JsonBody endpoint : entry.objects("endpoints").orElse(List.of())) {
          add(endpoint.text("endpoint").orElse(""), may);
        }
      }
    }
    return may;
  }

  private static void add(String endpoint, Set<Ability> may) {
    if (endpoint.endsWith("v3/forecast")) {
      may.add(Ability.LATEST);
      may.add(Ability.FORECAST);
    } else if (endpoint.endsWith("v3/historical")) {
      may.add(Ability.HISTORY);
    }
  }

  private List<JsonBody> entries() throws CarbonUnavailable {
    for (JsonBody signal :
        body.objects("signal_types").orElseThrow(() -> body.missing("signal_types"))) {
      if (signal.text("signal_type").equals(Optional.of(WattTime.SIGNAL_TYPE))) {
        return signal.objects("regions").orElse(List.of());
      }
    }
    return List.of();
  }
}
