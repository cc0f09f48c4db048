package chase.daemon.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import chase.carbon.CarbonIntensity;
import chase.carbon.GramsPerKwh;
import chase.carbon.Provenance;
import chase.carbon.Region;
import chase.carbon.SignalKind;
import chase.carbon.history.SignalStore;
import chase.carbon.trace.Trace;
import chase.daemon.fixtures.NoLocalActions;
import chase.daemon.fixtures.TestDaemon;
import chase.daemon.fixtures.TestTerminal;
import chase.daemon.grid.GridPast;
import chase.daemon.grid.SignalArchive;
import chase.daemon.simulation.RecordedEnergy;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.core.Vertx;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code chase signal export} on histories that a store has written. */
class SignalExportTest {
  private static final Duration HALF_AN_HOUR = Duration.ofMinutes(30);

  @TempDir private Path directory;
  private final Vertx vertx = Vertx.vertx();
  private final TestDaemon daemon = new TestDaemon(vertx);
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeEach
  void open() throws TimeoutException {
    daemon.archive = new SignalArchive(directory, List.of(), GridPast.NONE);
    vertx.deployVerticle(daemon.server(socket())).await(10, TimeUnit.SECONDS);
  }

  @AfterEach
  void close() throws TimeoutException {
    vertx.close().await(10, TimeUnit.SECONDS);
  }

  private Path socket() {
    return directory.resolve("chase.sock");
  }

  private static CarbonIntensity value(String provider, Instant from, double grams) {
    return new CarbonIntensity(
        new GramsPerKwh(grams),
        new SignalKind(SignalKind.Margin.AVERAGE, SignalKind.EmissionScope.DIRECT),
        new Provenance.Measured(),
        provider,
        new Region("GB"),
        from,
        from.plus(HALF_AN_HOUR),
        from,
        from,
        Optional.empty());
  }

  /** Half-hours up to noon, the newest last. */
  private static List<CarbonIntensity> values(String provider, int count) {
    List<CarbonIntensity> values = new ArrayList<>();
    for (int i = count; i > 0; i--) {
      values.add(value(provider, TestDaemon.NOON.minus(HALF_AN_HOUR.multipliedBy(i)), 100 + i % 7));
    }
    return values;
  }

  private void store(List<CarbonIntensity> values) throws Exception {
    try (SignalStore store =
        SignalStore.open(
            directory.resolve("signal"), SignalStore.HistoryLimits.DEFAULT, warning -> {})) {
      values.forEach(store::append);
    }
  }

  private int chase(String line) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    return ChaseCommand.run(
        (line + " --socket " + socket()).split(" "),
        new NoLocalActions(),
        TestTerminal.PIPE,
        new PrintWriter(out, true),
        new PrintWriter(err, true));
  }

  @Test
  void theHistoryIsWhatSimulateReads() throws Exception {
    store(values("neso", 96));
    assertThat(chase("signal export")).isZero();
    Trace trace = Trace.read(Files.writeString(directory.resolve("grid.csv"), out.toString()));
    assertThat(trace.rows()).isEqualTo(96);
    assertThat(trace.end()).isEqualTo(TestDaemon.NOON);
    assertThat(trace.value(0).value()).isEqualTo(105);
    assertThat(err.toString().lines())
        .containsExactly(
            "chase: 96 values of neso GB (average, direct), 2026-11-21T12:00:00Z to"
                + " 2026-11-23T12:00:00Z",
            "chase: they stay their provider's: see its licence before you pass them on");
  }

  @Test
  void aDowntimeMakesAHoleThatSimulateRefusesAndOneOptionLeavesItOut() throws Exception {
    List<CarbonIntensity> values = values("neso", 96);
    values.subList(20, 28).clear();
    values.subList(60, 61).clear();
    store(values);
    Path csv = directory.resolve("grid.csv");
    assertThat(chase("signal export")).isZero();
    assertThat(err.toString())
        .contains("; 2 holes, the longest 4h\n")
        .contains(
            "chase: chase simulate refuses such holes: --whole exports the longest part without"
                + " one, 2026-11-22T02:00:00Z to 2026-11-23T12:00:00Z\n");
    Files.writeString(csv, out.toString());
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RecordedEnergy.readGrid(csv))
        .withMessageContaining("gap: no value between")
        .withMessageEndingWith("; chase signal export --whole writes the longest part without one");

    assertThat(chase("signal export --whole")).isZero();
    assertThat(err.toString())
        .startsWith(
            "chase: 67 values of neso GB (average, direct), 2026-11-22T02:00:00Z to"
                + " 2026-11-23T12:00:00Z; 1 hole, the longest 30m\n")
        .doesNotContain("--whole");
    Files.writeString(csv, out.toString());
    assertThat(RecordedEnergy.readGrid(csv).from())
        .isEqualTo(Instant.parse("2026-11-22T02:00:00Z"));
    assertThat(chase("signal export --whole --json")).isZero();
    assertThat(new ObjectMapper().readTree(out.toString()).path("values")).hasSize(67);
  }

  /** By the hours of the whole three hours are no hole, by the newer part's half-hours they are. */
  @Test
  void whatIsAHoleInAPartAloneIsOneToo() throws Exception {
    Instant start = TestDaemon.NOON.minus(Duration.ofHours(100));
    List<CarbonIntensity> values = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      values.add(value("neso", start.plus(Duration.ofHours(i)), 100));
    }
    for (int i = 0; i < 15; i++) {
      Instant pair = start.plus(Duration.ofHours(45)).plus(Duration.ofMinutes(210L * i));
      values.add(value("neso", pair, 100));
      values.add(value("neso", pair.plus(HALF_AN_HOUR), 100));
    }
    store(values);
    assertThat(chase("signal export --whole")).isZero();
    Path csv = directory.resolve("grid.csv");
    Files.writeString(csv, out.toString());
    assertThat(RecordedEnergy.readGrid(csv).from()).isEqualTo(start);
  }

  @Test
  void timesAreInstantsDatesAndSpansBeforeNow() throws Exception {
    store(values("neso", 96));
    assertThat(chase("signal export --from -2h --quiet")).isZero();
    assertThat(out.toString().lines())
        .hasSize(5)
        .startsWith("time,grams_per_kwh", "2026-11-23T10:00:00Z,104.0");
    assertThat(err.toString()).isEmpty();
    assertThat(chase("signal export --from 2026-11-22 --to 2026-11-22T01:00:00Z")).isZero();
    assertThat(out.toString().lines()).hasSize(3);
  }

  @Test
  void aSeriesOfSeveralPartsIsPrintedAsOne() throws Exception {
    store(values("neso", 10_005));
    assertThat(chase("signal export")).isZero();
    assertThat(out.toString().lines()).hasSize(10_006).doesNotHaveDuplicates();
    assertThat(chase("signal export --json")).isZero();
    JsonNode json = new ObjectMapper().readTree(out.toString());
    assertThat(json.path("values")).hasSize(10_005);
    assertThat(json.path("next").isMissingNode()).isTrue();
    assertThat(json.path("values").get(0).path("origin").asText()).isEqualTo("measured");
  }

  @Test
  void ofSeveralSeriesOneIsTakenAndTheOthersAreOffered() throws Exception {
    store(values("neso", 3));
    store(values("energinet", 2));
    assertThat(chase("signal export --provider neso")).isZero();
    assertThat(out.toString().lines()).hasSize(4);
    assertThat(err.toString())
        .contains(
            "chase: also kept, for --provider, --region and --kind: energinet GB (average,"
                + " direct)\n");
    assertThat(chase("signal export --provider watttime")).isEqualTo(2);
    assertThat(err.toString())
        .startsWith("chase: no history of provider watttime is kept, but of ")
        .contains("neso GB (average, direct)", "energinet GB (average, direct)");
    assertThat(chase("signal export --kind marginal")).isEqualTo(2);
  }

  @Test
  void whereNothingIsRecordedThatIsSaid() {
    assertThat(chase("signal export")).isEqualTo(1);
    assertThat(err.toString()).startsWith("chase: no history of the signal is kept yet: ");
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void aTimeWithoutValuesNamesTheTimeThatHasThem() throws Exception {
    store(values("neso", 2));
    assertThat(chase("signal export --to 2026-11-20T00:00:00Z")).isEqualTo(1);
    assertThat(err.toString())
        .isEqualTo(
            "chase: neso GB (average, direct) has no value up to 2026-11-20T00:00:00Z: its history"
                + " reaches from 2026-11-23T11:00:00Z to 2026-11-23T12:00:00Z\n");
  }

  @Test
  void ofARecordingThatIsPlayedTheLastDayIsThere() {
    CarbonIntensity measured = value("trace", TestDaemon.NOON.minus(HALF_AN_HOUR), 7);
    CarbonIntensity replayed =
        new CarbonIntensity(
            measured.value(),
            measured.kind(),
            new Provenance.Replayed(TestDaemon.NOON),
            measured.provider(),
            measured.region(),
            measured.validFrom(),
            measured.validTo(),
            measured.publishedAt(),
            measured.fetchedAt(),
            Optional.empty());
    daemon.archive =
        new SignalArchive(directory, List.of(), new GridPast(List.of(replayed), List.of()));
    assertThat(chase("signal export")).isZero();
    assertThat(out.toString()).isEqualTo("time,grams_per_kwh\n2026-11-23T11:30:00Z,7.0\n");
    assertThat(err.toString()).contains("chase simulate needs two values at least");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--from soon",
        "--from -x",
        "--from 7d",
        "--to 9999-01-01T00:00:00Z",
        "--from -1h --to -2h",
        "--format xml",
        "file.csv"
      })
  void aMistakeIsWrongUsage(String options) {
    assertThat(chase("signal export " + options)).isEqualTo(2);
    assertThat(err.toString()).startsWith("chase: ");
  }
}
