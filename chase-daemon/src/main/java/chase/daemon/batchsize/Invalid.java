package chase.daemon.batchsize;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.OptionalDouble;

/** A request that does not say what it must; each mistake with the place where it is. */
public final class Invalid extends RuntimeException {
  private static final long serialVersionUID = 1;

  /**
   * One mistake, as FastAPI tells it (pydantic 1).
   *
   * @param place where it was looked for: {@code body} or {@code query}
   * @param field the field; empty for the body as a whole
   * @param message what is wrong
   * @param type the kind of mistake, for programs
   * @param limit the bound that was crossed, where there is one
   */
  public record Mistake(
      String place, String field, String message, String type, OptionalDouble limit) {
    public Mistake(String place, String field, String message, String type) {
      this(place, field, message, type, OptionalDouble.empty());
    }
  }

  private final transient List<Mistake> mistakes;

  public Invalid(List<Mistake> mistakes) {
    super(mistakes.getFirst().field() + ": " + mistakes.getFirst().message());
    this.mistakes = List.copyOf(mistakes);
  }

  /** {@code {"detail":[{"loc":["body","eta_knob"],"msg":"...","type":"..."}]}}. */
  public ObjectNode detail() {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    ArrayNode detail = body.putArray("detail");
    for (Mistake mistake : mistakes) {
      ObjectNode entry = detail.addObject();
      ArrayNode location = entry.putArray("loc").add(mistake.place());
      if (!mistake.field().isEmpty()) {
        location.add(mistake.field());
      }
      entry.put("msg", mistake.message()).put("type", mistake.type());
      mistake.limit().ifPresent(limit -> entry.putObject("ctx").put("limit_value", limit));
    }
    return body;
  }
}
