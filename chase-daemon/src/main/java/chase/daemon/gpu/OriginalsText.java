package chase.daemon.gpu;

import chase.zeus.unit.Watts;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** The original limit of one GPU as JSON. */
final class OriginalsText implements JournalFormat.EntryFormat<Watts> {
  private static final String LIMIT = "limit_milliwatts";

  @Override
  public void write(ObjectNode node, Watts limit) {
    node.put(LIMIT, limit.toMilliwatts());
  }

  @Override
  public Watts read(JsonNode node) {
    return JournalText.watts(node.path(LIMIT));
  }

  @Override
  public Watts merged(Watts newer, Watts older) {
    return newer;
  }
}
