package chase.carbon.faults;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathMatching;
import static org.assertj.core.api.Assertions.assertThat;

import chase.carbon.CarbonUnavailable;
import chase.carbon.fixtures.TestProviderServer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The documented answers of every provider, each with one part dropped, replaced, doubled or moved:
 * whatever is left of them is used, nothing else is believed, and nothing but the provider's own
 * failure is thrown.
 */
class DamagedAnswersTest {
  @RegisterExtension static final TestProviderServer SERVER = new TestProviderServer();

  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final int ROUNDS = 120;

  /** Nothing of it may be taken for a number, a time or a word that belongs there. */
  private static final List<String> RUBBISH =
      List.of(
          "null",
          "true",
          "-5e7",
          "1e9",
          "1e999",
          "[]",
          "{}",
          "[[1]]",
          "\"\"",
          "\"soon\"",
          "\"NaN\"",
          "\"0001-01-01T00:00:00Z\"",
          "\"1969-12-31T23:59:59Z\"",
          "\"2300-01-01T00:00Z\"",
          "\"+292278994-08-17T07:12:55Z\"",
          "\"-1000000000-01-01T00:00Z\"",
          "\"+1000000000-12-31T23:59:59.999999999Z\"");

  private final long seed = Long.getLong("chase.seed", 20_261_129L);
  private final Random random = new Random(seed);

  @ParameterizedTest
  @EnumSource
  void aDamagedRowCostsThatRow(DocumentedResponse documented) throws Exception {
    List<String> whole = whole(documented);
    for (int round = 0; round < ROUNDS; round++) {
      ObjectNode body = (ObjectNode) JSON.readTree(documented.body);
      ArrayNode rows = (ArrayNode) body.get(documented.rows);
      int row = random.nextInt(rows.size());
      String what = damage(rows, row);
      says(documented, body.toString());
      List<String> others = new ArrayList<>(whole);
      others.remove(row);
      assertThat(documented.read(SERVER))
          .as("seed %d, round %d, row %d: %s", seed, round, row, what)
          .containsAll(others)
          .isSubsetOf(whole)
          .isSorted();
    }
  }

  @ParameterizedTest
  @EnumSource
  void aDamagedAnswerNeverGivesAnotherNumber(DocumentedResponse documented) throws Exception {
    List<String> whole = whole(documented);
    for (int round = 0; round < ROUNDS; round++) {
      JsonNode body = JSON.readTree(documented.body);
      List<JsonNode> containers = new ArrayList<>();
      collect(body, containers);
      String what = spoil(containers.get(random.nextInt(containers.size())));
      says(documented, body.toString());
      try {
        assertThat(documented.read(SERVER))
            .as("seed %d, round %d: %s", seed, round, what)
            .isSubsetOf(whole)
            .isSorted();
      } catch (CarbonUnavailable refused) {
        assertThat(refused.getMessage()).as("seed %d: %s", seed, what).doesNotContain("\n");
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void theOrderOfTheRowsAndWhatIsBesideThemDoNotMatter(DocumentedResponse documented)
      throws Exception {
    List<String> whole = whole(documented);
    ObjectNode body = (ObjectNode) JSON.readTree(documented.body);
    ArrayNode rows = (ArrayNode) body.get(documented.rows);
    rows.add(rows.remove(0)).insert(0, rows.get(1).deepCopy());
    body.put("status", "ok").put("note", "new").putNull("error");
    says(documented, body.toString());
    assertThat(documented.read(SERVER)).isEqualTo(whole);
  }

  @ParameterizedTest
  @EnumSource
  void marksOfTheEncodingDoNotMatter(DocumentedResponse documented) throws Exception {
    List<String> whole = whole(documented);
    String json = documented.body;
    for (byte[] bytes :
        List.of(
            ("\uFEFF" + json).getBytes(StandardCharsets.UTF_8),
            ("\uFEFF" + json).getBytes(StandardCharsets.UTF_16LE),
            json.getBytes(StandardCharsets.UTF_16BE),
            json.replace("\n", "\r\n").getBytes(StandardCharsets.UTF_8),
            json.replaceFirst("}](?=}?)", "},]").getBytes(StandardCharsets.UTF_8),
            (json + "<!-- served by x -->").getBytes(StandardCharsets.UTF_8),
            packed(json))) {
      for (String type : List.of("text/html", "application/json;charset=utf-16", "x")) {
        SERVER.stubFor(
            get(urlPathMatching(documented.path))
                .willReturn(aResponse().withHeader("Content-Type", type).withBody(bytes)));
        assertThat(documented.read(SERVER)).as(new String(bytes, form(bytes))).isEqualTo(whole);
      }
    }
  }

  private static Charset form(byte[] bytes) {
    return bytes[0] == 0 ? StandardCharsets.UTF_16BE : StandardCharsets.UTF_8;
  }

  private static byte[] packed(String text) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream packing = new GZIPOutputStream(bytes)) {
      packing.write(text.getBytes(StandardCharsets.UTF_8));
    }
    return bytes.toByteArray();
  }

  private static List<String> whole(DocumentedResponse documented) throws Exception {
    SERVER.stubFor(get(urlPathEqualTo("/login")).willReturn(okJson("{\"token\":\"t\"}")));
    says(documented, documented.body);
    List<String> whole = documented.read(SERVER);
    assertThat(whole).hasSize(4);
    return whole;
  }

  private static void says(DocumentedResponse documented, String body) {
    SERVER.stubFor(get(urlPathMatching(documented.path)).willReturn(okJson(body)));
  }

  private String damage(ArrayNode rows, int row) throws IOException {
    return switch (random.nextInt(4)) {
      case 0 -> {
        rows.remove(row);
        yield "dropped";
      }
      case 1 -> {
        JsonNode rubbish = rubbish();
        rows.set(row, rubbish);
        yield "replaced by " + rubbish;
      }
      case 2 -> {
        rows.insert(random.nextInt(rows.size() + 1), rows.get(row).deepCopy());
        yield "doubled";
      }
      default -> {
        List<JsonNode> containers = new ArrayList<>();
        collect(rows.get(row), containers);
        yield spoil(containers.get(random.nextInt(containers.size())));
      }
    };
  }

  /** Drops or replaces one part, or adds one. */
  private String spoil(JsonNode container) throws IOException {
    JsonNode rubbish = rubbish();
    if (container instanceof ArrayNode list && !list.isEmpty()) {
      int place = random.nextInt(list.size());
      JsonNode was = random.nextBoolean() ? list.set(place, rubbish) : list.remove(place);
      return "element " + place + ", " + was + ", became " + rubbish + " or nothing";
    }
    if (container instanceof ObjectNode object && !object.isEmpty()) {
      List<String> names = object.propertyStream().map(Map.Entry::getKey).toList();
      String name = names.get(random.nextInt(names.size()));
      int what = random.nextInt(5);
      if (what == 0) {
        object.remove(name);
      } else {
        object.set(what == 1 ? "unknown" : name, rubbish);
      }
      return name + ": " + what + ", " + rubbish;
    }
    return "nothing";
  }

  private JsonNode rubbish() throws IOException {
    return JSON.readTree(RUBBISH.get(random.nextInt(RUBBISH.size())));
  }

  private static void collect(JsonNode node, List<JsonNode> containers) {
    if (node.isContainerNode()) {
      containers.add(node);
      Stream.of(node).flatMap(JsonNode::valueStream).forEach(child -> collect(child, containers));
    }
  }
}
