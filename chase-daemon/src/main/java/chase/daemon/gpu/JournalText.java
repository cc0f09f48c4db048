package chase.daemon.gpu;

import chase.zeus.gpu.GpuId;
import chase.zeus.unit.Watts;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The journal as JSON; limits in whole milliwatts, as the driver takes them. */
final class JournalText implements JournalFile.Form<JournalEntry> {
  private static final int VERSION = 1;

  private final ObjectMapper json = new ObjectMapper();

  @Override
  public byte[] write(Map<GpuId, JournalEntry> entries) throws JsonProcessingException {
    ObjectNode root = json.createObjectNode().put("version", VERSION);
    ObjectNode gpus = root.putObject("gpus");
    entries.forEach((id, entry) -> write(gpus.putObject(id.uuid()), entry));
    return json.writerWithDefaultPrettyPrinter().writeValueAsBytes(root);
  }

  private static void write(ObjectNode node, JournalEntry entry) {
    node.put("model", entry.model());
    node.put("original_milliwatts", entry.original().toMilliwatts());
    ArrayNode ours = node.putArray("ours_milliwatts");
    entry.ours().forEach(limit -> ours.add(limit.toMilliwatts()));
    node.put("at", entry.at().toString());
  }

  @Override
  public Map<GpuId, JournalEntry> read(byte[] text) throws IOException, StateException {
    JsonNode root = json.readTree(text);
    if (root.path("version").asInt() != VERSION || !root.path("gpus").isObject()) {
      throw new StateException("not a journal of version " + VERSION);
    }
    Map<GpuId, JournalEntry> entries = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> gpu : root.get("gpus").properties()) {
      entries.put(new GpuId(gpu.getKey()), entry(gpu.getKey(), gpu.getValue()));
    }
    return entries;
  }

  private static JournalEntry entry(String uuid, JsonNode node) throws StateException {
    JsonNode original = node.path("original_milliwatts");
    JsonNode ours = node.path("ours_milliwatts");
    if (!original.isIntegralNumber() || !ours.isArray()) {
      throw new StateException("the entry of " + uuid + " has no limits");
    }
    try {
      return new JournalEntry(
          node.path("model").asText("unknown model"),
          Watts.ofMilliwatts(original.asLong()),
          limits(ours),
          Instant.parse(node.path("at").asText()));
    } catch (IllegalArgumentException | DateTimeException e) {
      throw new StateException("the entry of " + uuid + " is damaged: " + e.getMessage());
    }
  }

  private static List<Watts> limits(JsonNode ours) {
    List<Watts> limits = new ArrayList<>();
    for (JsonNode limit : ours) {
      if (!limit.isIntegralNumber()) {
        throw new IllegalArgumentException("not a limit: " + limit);
      }
      limits.add(Watts.ofMilliwatts(limit.asLong()));
    }
    return limits;
  }
}
