package chase.carbon.electricitymaps;

import chase.carbon.CarbonUnavailable;
import chase.carbon.ProviderCheck.Ability;
import chase.carbon.Region;
import chase.carbon.http.JsonBody;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads the body of {@code /zones}: every zone with the paths that the key allows. */
record Zones(JsonBody body) {
  List<Region> regions() {
    return body.names().stream().filter(name -> !name.isBlank()).map(Region::new).toList();
  }

  boolean contains(Region region) {
    return body.names().contains(region.code());
  }

  /** What the key allows in a zone. */
  Set<Ability> abilities(Region region) throws CarbonUnavailable {
    Optional<JsonBody> zone = body.object(region.code());
    Optional<List<String>> access =
        zone.isPresent() ? zone.get().texts("access") : Optional.empty();
    Set<Ability> may = EnumSet.noneOf(Ability.class);
    for (String path : access.orElse(List.of())) {
      for (Ability ability : Ability.values()) {
        if (path.equals("*") || path.endsWith("carbon-intensity/" + ability.label())) {
          may.add(ability);
        }
      }
    }
    return may;
  }
}
