package chase.daemon.gpu;

import chase.zeus.gpu.GpuSettings;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** The turned knobs of one GPU as JSON. */
final class KnobText implements JournalFormat.EntryFormat<TurnedKnobs> {
  @Override
  public void write(ObjectNode node, TurnedKnobs entry) {
    node.put("model", entry.model());
    ArrayNode locked = node.putArray("locked_clocks");
    entry.locked().forEach(domain -> locked.add(domain.name().toLowerCase(Locale.ROOT)));
    entry.originalPersistence().ifPresent(found -> node.put("persistence_mode_found", found));
    node.put("at", entry.at().toString());
  }

  @Override
  public TurnedKnobs read(JsonNode node) {
    JsonNode found = node.path("persistence_mode_found");
    if (!node.path("locked_clocks").isArray() || !(found.isMissingNode() || found.isBoolean())) {
      throw new IllegalArgumentException("it has no clocks");
    }
    return new TurnedKnobs(
        node.path("model").asText("unknown model"),
        domains(node.path("locked_clocks")),
        found.isBoolean() ? Optional.of(found.booleanValue()) : Optional.empty(),
        Instant.parse(node.path("at").asText()));
  }

  private static Set<GpuSettings.ClockDomain> domains(JsonNode names) {
    Set<GpuSettings.ClockDomain> domains = EnumSet.noneOf(GpuSettings.ClockDomain.class);
    for (JsonNode name : names) {
      domains.add(GpuSettings.ClockDomain.valueOf(name.asText().toUpperCase(Locale.ROOT)));
    }
    return domains;
  }

  /** Unlocking what is not locked does no harm; the mode found first is the one to put back. */
  @Override
  public TurnedKnobs merged(TurnedKnobs newer, TurnedKnobs older) {
    Set<GpuSettings.ClockDomain> locked = EnumSet.noneOf(GpuSettings.ClockDomain.class);
    locked.addAll(newer.locked());
    locked.addAll(older.locked());
    return new TurnedKnobs(
        newer.model(),
        locked,
        older.originalPersistence().or(newer::originalPersistence),
        newer.at());
  }
}
