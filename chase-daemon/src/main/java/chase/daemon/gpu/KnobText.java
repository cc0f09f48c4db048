package chase.daemon.gpu;

import chase.zeus.gpu.ClockDomain;
import chase.zeus.gpu.GpuId;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Turned knobs as JSON. */
final class KnobText implements JournalFile.Form<TurnedKnobs> {
  private static final int VERSION = 1;

  private final ObjectMapper json = new ObjectMapper();

  @Override
  public byte[] write(Map<GpuId, TurnedKnobs> entries) throws JsonProcessingException {
    ObjectNode root = json.createObjectNode().put("version", VERSION);
    ObjectNode gpus = root.putObject("gpus");
    entries.forEach((id, entry) -> write(gpus.putObject(id.uuid()), entry));
    return json.writerWithDefaultPrettyPrinter().writeValueAsBytes(root);
  }

  private static void write(ObjectNode node, TurnedKnobs entry) {
    node.put("model", entry.model());
    ArrayNode locked = node.putArray("locked_clocks");
    entry.locked().forEach(domain -> locked.add(domain.name().toLowerCase(Locale.ROOT)));
    entry.persistenceFound().ifPresent(found -> node.put("persistence_mode_found", found));
    node.put("at", entry.at().toString());
  }

  @Override
  public Map<GpuId, TurnedKnobs> read(byte[] text) throws IOException, StateException {
    JsonNode root = json.readTree(text);
    if (root.path("version").asInt() != VERSION || !root.path("gpus").isObject()) {
      throw new StateException("not a journal of version " + VERSION);
    }
    Map<GpuId, TurnedKnobs> entries = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> gpu : root.get("gpus").properties()) {
      entries.put(new GpuId(gpu.getKey()), entry(gpu.getKey(), gpu.getValue()));
    }
    return entries;
  }

  private static TurnedKnobs entry(String uuid, JsonNode node) throws StateException {
    JsonNode found = node.path("persistence_mode_found");
    if (!node.path("locked_clocks").isArray() || !(found.isMissingNode() || found.isBoolean())) {
      throw new StateException("the entry of " + uuid + " has no clocks");
    }
    try {
      return new TurnedKnobs(
          node.path("model").asText("unknown model"),
          domains(node.path("locked_clocks")),
          found.isBoolean() ? Optional.of(found.booleanValue()) : Optional.empty(),
          Instant.parse(node.path("at").asText()));
    } catch (IllegalArgumentException | DateTimeException e) {
      throw new StateException("the entry of " + uuid + " is damaged: " + e.getMessage());
    }
  }

  private static Set<ClockDomain> domains(JsonNode names) {
    Set<ClockDomain> domains = EnumSet.noneOf(ClockDomain.class);
    for (JsonNode name : names) {
      domains.add(ClockDomain.valueOf(name.asText().toUpperCase(Locale.ROOT)));
    }
    return domains;
  }
}
