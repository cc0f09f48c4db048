package chase.carbon.faults;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathMatching;
import static org.assertj.core.api.Assertions.assertThat;

import chase.carbon.CarbonIntensity;
import chase.carbon.CarbonUnavailable;
import chase.carbon.LocalServer;
import chase.carbon.Region;
import chase.carbon.Signal.Scope;
import chase.carbon.TestClock;
import chase.carbon.electricitymaps.ElectricityMaps;
import chase.carbon.energinet.Energinet;
import chase.carbon.energinet.EnerginetPrices;
import chase.carbon.neso.Neso;
import chase.carbon.neso.NesoArea;
import chase.carbon.watttime.WattTime;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Currency;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
  @RegisterExtension static final LocalServer SERVER = new LocalServer();

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

  /** An answer as its provider documents it, and how the numbers are read from it. */
  private enum Documented {
    NESO(
        "2026-09-02T16:10:00Z",
        "/intensity/.*/fw48h",
        "data",
        """
        {"data":[
         {"from":"2026-09-02T16:00Z","to":"2026-09-02T16:30Z","intensity":{"forecast":101,"actual":null,"index":"moderate"}},
         {"from":"2026-09-02T16:30Z","to":"2026-09-02T17:00Z","intensity":{"forecast":102,"actual":null,"index":"moderate"}},
         {"from":"2026-09-02T17:00Z","to":"2026-09-02T17:30Z","intensity":{"forecast":103,"actual":null,"index":"moderate"}},
         {"from":"2026-09-02T17:30Z","to":"2026-09-02T18:00Z","intensity":{"forecast":104,"actual":null,"index":"moderate"}}]}
        """) {
      @Override
      List<String> read(URI url, TestClock clock) throws CarbonUnavailable, InterruptedException {
        return grams(
            new Neso(url, NesoArea.of(new Region("GB")), SERVER.http(clock), clock).ahead());
      }
    },
    ENERGINET(
        "2023-12-20T12:12:00Z",
        "/dataset/CO2EmisProg",
        "records",
        """
        {"total":4,"dataset":"CO2EmisProg","records":[
         {"Minutes5UTC":"2023-12-20T12:10:00","Minutes5DK":"2023-12-20T13:10:00","PriceArea":"DK1","CO2Emission":90.0},
         {"Minutes5UTC":"2023-12-20T12:15:00","Minutes5DK":"2023-12-20T13:15:00","PriceArea":"DK1","CO2Emission":91.0},
         {"Minutes5UTC":"2023-12-20T12:20:00","Minutes5DK":"2023-12-20T13:20:00","PriceArea":"DK1","CO2Emission":92.0},
         {"Minutes5UTC":"2023-12-20T12:25:00","Minutes5DK":"2023-12-20T13:25:00","PriceArea":"DK1","CO2Emission":93.0}]}
        """) {
      @Override
      List<String> read(URI url, TestClock clock) throws CarbonUnavailable, InterruptedException {
        return grams(new Energinet(url, new Region("DK1"), SERVER.http(clock), clock).ahead());
      }
    },
    PRICES(
        "2026-09-03T21:50:00Z",
        "/dataset/DayAheadPrices",
        "records",
        """
        {"total":4,"dataset":"DayAheadPrices","records":[
         {"TimeUTC":"2026-09-03T21:45:00","TimeDK":"2026-09-03T23:45:00","PriceArea":"DK2","DayAheadPriceEUR":134.94,"DayAheadPriceDKK":1008.6},
         {"TimeUTC":"2026-09-03T22:00:00","TimeDK":"2026-09-04T00:00:00","PriceArea":"DK2","DayAheadPriceEUR":0.0,"DayAheadPriceDKK":0.0},
         {"TimeUTC":"2026-09-03T22:15:00","TimeDK":"2026-09-04T00:15:00","PriceArea":"DK2","DayAheadPriceEUR":-7.5,"DayAheadPriceDKK":-56.0},
         {"TimeUTC":"2026-09-03T22:30:00","TimeDK":"2026-09-04T00:30:00","PriceArea":"DK2","DayAheadPriceEUR":12.0,"DayAheadPriceDKK":89.7}]}
        """) {
      @Override
      List<String> read(URI url, TestClock clock) throws CarbonUnavailable, InterruptedException {
        Currency euros = Currency.getInstance("EUR");
        return new EnerginetPrices(url, new Region("DK2"), euros, SERVER.http(clock), clock)
            .ahead().stream().map(one -> one.validFrom() + " " + one.value().value()).toList();
      }
    },
    ELECTRICITY_MAPS(
        "2024-09-24T03:10:00Z",
        "/carbon-intensity/forecast",
        "forecast",
        """
        {"zone":"NL","updatedAt":"2024-09-24T02:47:02.408Z","temporalGranularity":"hourly","forecast":[
         {"datetime":"2024-09-24T03:00:00.000Z","carbonIntensity":401},
         {"datetime":"2024-09-24T04:00:00.000Z","carbonIntensity":402},
         {"datetime":"2024-09-24T05:00:00.000Z","carbonIntensity":403},
         {"datetime":"2024-09-24T06:00:00.000Z","carbonIntensity":404}]}
        """) {
      @Override
      List<String> read(URI url, TestClock clock) throws CarbonUnavailable, InterruptedException {
        return grams(
            new ElectricityMaps(
                    new ElectricityMaps.Options(url, "key", new Region("NL"), Scope.DIRECT, 24),
                    SERVER.http(clock),
                    clock)
                .ahead());
      }
    },
    WATTTIME(
        "2022-07-15T00:02:00Z",
        "/v3/forecast",
        "data",
        """
        {"data":[
         {"point_time":"2022-07-15T00:00:00+00:00","value":1048.5},
         {"point_time":"2022-07-15T00:05:00+00:00","value":1051.5},
         {"point_time":"2022-07-15T00:10:00+00:00","value":1052.5},
         {"point_time":"2022-07-15T00:15:00+00:00","value":1053.5}],
         "meta":{"data_point_period_seconds":300,"region":"CAISO_NORTH",
         "warnings":[{"type":"EXAMPLE_WARNING","message":"This is just an example"}],
         "signal_type":"co2_moer","model":{"date":"2023-03-01"},"units":"lbs_co2_per_mwh",
         "generated_at_period_seconds":300,"generated_at":"2022-07-15T00:00:00+00:00"}}
        """) {
      @Override
      List<String> read(URI url, TestClock clock) throws CarbonUnavailable, InterruptedException {
        return grams(
            new WattTime(
                    new WattTime.Options(
                        url, "me", "secret", new Region("CAISO_NORTH"), 24, Optional.empty()),
                    SERVER.http(clock),
                    clock)
                .ahead());
      }
    };

    private final TestClock clock;
    private final String path;
    private final String rows;
    private final String body;

    Documented(String now, String path, String rows, String body) {
      this.clock = new TestClock(now);
      this.path = path;
      this.rows = rows;
      this.body = body;
    }

    /** Each number with the time from which it holds. */
    abstract List<String> read(URI url, TestClock clock)
        throws CarbonUnavailable, InterruptedException;

    private static List<String> grams(List<CarbonIntensity> numbers) {
      return numbers.stream().map(one -> one.validFrom() + " " + one.value().value()).toList();
    }

    private List<String> read() throws CarbonUnavailable, InterruptedException {
      return read(SERVER.url(), clock);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aDamagedRowCostsThatRow(Documented documented) throws Exception {
    List<String> whole = whole(documented);
    for (int round = 0; round < ROUNDS; round++) {
      ObjectNode body = (ObjectNode) JSON.readTree(documented.body);
      ArrayNode rows = (ArrayNode) body.get(documented.rows);
      int row = random.nextInt(rows.size());
      String what = damage(rows, row);
      says(documented, body.toString());
      List<String> others = new ArrayList<>(whole);
      others.remove(row);
      assertThat(documented.read())
          .as("seed %d, round %d, row %d: %s", seed, round, row, what)
          .containsAll(others)
          .isSubsetOf(whole)
          .isSorted();
    }
  }

  @ParameterizedTest
  @EnumSource
  void aDamageAnywhereMakesNobodyBelieveAnotherNumber(Documented documented) throws Exception {
    List<String> whole = whole(documented);
    for (int round = 0; round < ROUNDS; round++) {
      JsonNode body = JSON.readTree(documented.body);
      List<JsonNode> containers = new ArrayList<>();
      collect(body, containers);
      String what = spoil(containers.get(random.nextInt(containers.size())));
      says(documented, body.toString());
      try {
        assertThat(documented.read())
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
  void theOrderOfTheRowsAndWhatIsBesideThemDoNotMatter(Documented documented) throws Exception {
    List<String> whole = whole(documented);
    ObjectNode body = (ObjectNode) JSON.readTree(documented.body);
    ArrayNode rows = (ArrayNode) body.get(documented.rows);
    rows.add(rows.remove(0)).insert(0, rows.get(1).deepCopy());
    body.put("status", "ok").put("note", "new").putNull("error");
    says(documented, body.toString());
    assertThat(documented.read()).isEqualTo(whole);
  }

  @ParameterizedTest
  @EnumSource
  void marksOfTheEncodingDoNotMatter(Documented documented) throws Exception {
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
        assertThat(documented.read()).as(new String(bytes, form(bytes))).isEqualTo(whole);
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

  private static List<String> whole(Documented documented) throws Exception {
    SERVER.stubFor(get(urlPathEqualTo("/login")).willReturn(okJson("{\"token\":\"t\"}")));
    says(documented, documented.body);
    List<String> whole = documented.read();
    assertThat(whole).hasSize(4);
    return whole;
  }

  private static void says(Documented documented, String body) {
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
