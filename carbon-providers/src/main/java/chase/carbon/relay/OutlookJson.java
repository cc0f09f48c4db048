package chase.carbon.relay;

import chase.carbon.EnergyPrice;
import chase.carbon.MoneyPerMwh;
import chase.carbon.PlainLine;
import chase.carbon.Provenance;
import chase.carbon.Region;
import chase.carbon.fallback.FallbackLevel;
import chase.carbon.history.IntensityJson;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Currency;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * An outlook as JSON, and back without loss. Hundreds of periods that have all but a few fields in
 * common are written as one group: those fields once, and a short object for each period.
 */
public final class OutlookJson {
  /** Raised when an older reader could misread what is written. */
  static final int FORMAT = 1;

  /** What differs from period to period. */
  private static final Set<String> OF_PERIOD =
      Set.of("from", "to", "grams_per_kwh", "price_per_mwh", "ahead", "recorded");

  private static final String PERIODS = "periods";
  private static final int MOST_LINES = 20;
  private static final JsonMapper JSON = new JsonMapper();

  private OutlookJson() {}

  /** The outlook in UTF-8, without a line break; the same outlook is the same bytes. */
  public static byte[] bytes(RelayedOutlook outlook) {
    ObjectNode body = JSON.createObjectNode();
    body.put("outlook", FORMAT);
    body.set("host", IntensityJson.node(outlook.relay()));
    ArrayNode hosts = body.putArray("hosts");
    outlook.current().ifPresent(now -> now.via().forEach(before -> hosts.add(before.host())));
    hosts.add(outlook.relay().host());
    body.put("provider", outlook.provider());
    body.put("level", outlook.level().label());
    outlook.trouble().ifPresent(why -> body.put("trouble", why));
    outlook.current().ifPresent(now -> body.set("current", IntensityJson.node(now)));
    body.set("forecast", groups(outlook.forecast().stream().map(IntensityJson::node)));
    body.set("prices", groups(outlook.prices().stream().map(OutlookJson::node)));
    ArrayNode attribution = body.putArray("attribution");
    outlook.attribution().forEach(attribution::add);
    return body.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static ArrayNode groups(Stream<ObjectNode> periods) {
    ArrayNode groups = JSON.createArrayNode();
    Optional<ObjectNode> last = Optional.empty();
    ArrayNode rows = JSON.createArrayNode();
    for (ObjectNode whole : periods.toList()) {
      ObjectNode common = whole.deepCopy();
      common.remove(OF_PERIOD);
      if (!last.equals(Optional.of(common))) {
        last = Optional.of(common);
        ObjectNode group = common.deepCopy();
        rows = group.putArray(PERIODS);
        groups.add(group);
      }
      rows.add(whole.retain(OF_PERIOD));
    }
    return groups;
  }

  /** Each period of {@code groups} with all of its fields. */
  static List<ObjectNode> periods(JsonNode groups) {
    List<ObjectNode> periods = new ArrayList<>();
    for (JsonNode group : groups) {
      for (JsonNode period : group.path(PERIODS)) {
        ObjectNode whole = JsonNodeFactory.instance.objectNode();
        group.properties().forEach(field -> whole.set(field.getKey(), field.getValue()));
        period.properties().forEach(field -> whole.set(field.getKey(), field.getValue()));
        whole.remove(PERIODS);
        periods.add(whole);
      }
    }
    return periods;
  }

  private static ObjectNode node(EnergyPrice price) {
    ObjectNode node = JSON.createObjectNode();
    node.put("from", price.validFrom().toString());
    node.put("to", price.validTo().toString());
    node.put("price_per_mwh", price.value().value());
    node.put("currency", price.value().currency().getCurrencyCode());
    node.put("origin", price.provenance().label());
    if (price.provenance() instanceof Provenance.Replayed replayed) {
      node.put("recorded", replayed.recordedAt().toString());
    }
    node.put("provider", price.provider());
    node.put("region", price.region().code());
    node.put("published", price.publishedAt().toString());
    node.put("fetched", price.fetchedAt().toString());
    return node;
  }

  /** A price of {@link #periods}; an {@link IllegalArgumentException} names what is wrong. */
  static EnergyPrice price(JsonNode node) {
    IntensityJson.JsonFields fields = new IntensityJson.JsonFields(node);
    String origin = fields.text("origin");
    return new EnergyPrice(
        new MoneyPerMwh(
            fields.number("price_per_mwh"), Currency.getInstance(fields.text("currency"))),
        switch (origin) {
          case "measured" -> new Provenance.Measured();
          case "replayed" -> new Provenance.Replayed(fields.instant("recorded"));
          default -> throw new IllegalArgumentException("origin: unknown: " + origin);
        },
        fields.text("provider"),
        new Region(fields.text("region")),
        fields.instant("from"),
        fields.instant("to"),
        fields.instant("published"),
        fields.instant("fetched"));
  }

  /** Whether it is one, as far as this version understands. */
  static boolean isOutlook(JsonNode body) {
    return body.path("outlook").isInt() && body.path("outlook").intValue() == FORMAT;
  }

  /** The level; an {@link IllegalArgumentException} names what is wrong. */
  static FallbackLevel level(JsonNode body) {
    String word = new IntensityJson.JsonFields(body).text("level");
    return Stream.of(FallbackLevel.values())
        .filter(level -> level.label().equals(word))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("level: unknown: " + word));
  }

  /** A text that others wrote, fit to be shown. */
  static Optional<String> line(JsonNode node) {
    return Optional.of(node)
        .filter(JsonNode::isTextual)
        .map(text -> PlainLine.of(text.textValue()));
  }

  /** The lines of a list of them. */
  static List<String> lines(JsonNode list) {
    return list.valueStream().flatMap(text -> line(text).stream()).limit(MOST_LINES).toList();
  }
}
