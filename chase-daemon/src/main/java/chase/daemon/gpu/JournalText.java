package chase.daemon.gpu;

import chase.zeus.unit.Watts;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The limits of one GPU as JSON; in whole milliwatts, as the driver takes them. */
final class JournalText implements JournalFormat.EntryFormat<JournalEntry> {
  @Override
  public void write(ObjectNode node, JournalEntry entry) {
    node.put("model", entry.model());
    node.put("original_milliwatts", entry.original().toMilliwatts());
    ArrayNode ours = node.putArray("ours_milliwatts");
    entry.chaseLimits().forEach(limit -> ours.add(limit.toMilliwatts()));
    node.put("at", entry.at().toString());
  }

  @Override
  public JournalEntry read(JsonNode node) {
    JsonNode ours = node.path("ours_milliwatts");
    if (!ours.isArray()) {
      throw new IllegalArgumentException("it has no limits");
    }
    List<Watts> limits = new ArrayList<>();
    ours.forEach(limit -> limits.add(watts(limit)));
    return new JournalEntry(
        node.path("model").asText("unknown model"),
        watts(node.path("original_milliwatts")),
        limits,
        Instant.parse(node.path("at").asText()));
  }

  static Watts watts(JsonNode limit) {
    if (!limit.isIntegralNumber() || !limit.canConvertToLong()) {
      throw new IllegalArgumentException("it has no limits");
    }
    return Watts.ofMilliwatts(limit.asLong());
  }

  /** The newer one knows the original; what either knows to be ours is ours. */
  @Override
  public JournalEntry merged(JournalEntry newer, JournalEntry older) {
    List<Watts> ours =
        Stream.concat(newer.chaseLimits().stream(), older.chaseLimits().stream())
            .distinct()
            .toList();
    return new JournalEntry(newer.model(), newer.original(), ours, newer.at());
  }
}
