package chase.daemon.ledger;

import static chase.daemon.fixtures.UsageSnapshots.FIRST;
import static chase.daemon.fixtures.UsageSnapshots.NOON;
import static chase.daemon.fixtures.UsageSnapshots.SECOND;
import static chase.daemon.fixtures.UsageSnapshots.gpu;
import static chase.daemon.fixtures.UsageSnapshots.grid;
import static chase.daemon.fixtures.UsageSnapshots.gridWithoutSignal;
import static chase.daemon.fixtures.UsageSnapshots.job;
import static chase.daemon.fixtures.UsageSnapshots.snapshot;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import chase.daemon.api.ReportBody;
import chase.daemon.api.ReportBody.LineBody;
import chase.daemon.fixtures.UsageSnapshots;
import chase.daemon.grid.GridState;
import chase.daemon.ledger.Ledger.LedgerException;
import chase.zeus.engine.Snapshot;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportTest {
  private static final Offset<Double> CLOSE = within(0.001);
  private static final Duration DAY = Duration.ofDays(1);

  private final UsageMeter meter = new UsageMeter(1_000);
  private final LedgerFile file;
  private int batches;

  ReportTest(@TempDir Path directory) {
    file = new LedgerFile(directory, Duration.ofDays(400), () -> NOON, line -> {});
  }

  @AfterEach
  void close() {
    file.close();
  }

  private void update(Snapshot snapshot, GridState grid, String user, Map<String, String> labels) {
    meter.update(
        snapshot,
        grid,
        gpu ->
            snapshot
                .jobOn(gpu)
                .map(job ->
                    new GpuOwner(
                        job.id().value(),
                        job.spec().name(),
                        Optional.of(user),
                        labels,
                        GpuOwner.OwnerKind.REGISTERED,
                        job.spec().gpus(),
                        job.startedAt())));
  }

  /** A job on both GPUs for 100 s: 80 s of work at full power, at 400 W for each GPU. */
  private void aJobOnTwoGpus() throws SQLException {
    update(
        snapshot(
            0,
            100,
            List.of(job("a1", 0, 0, 0, FIRST, SECOND)),
            gpu(FIRST, 0, 450),
            gpu(SECOND, 0, 450)),
        grid(360, 100),
        "alice",
        Map.of("team", "vision"));
    update(
        snapshot(
            100,
            100,
            List.of(job("a1", 800, 80, 100, FIRST, SECOND)),
            gpu(FIRST, 40_000, 450),
            gpu(SECOND, 40_000, 450)),
        grid(360, 100),
        "alice",
        Map.of("team", "vision"));
    update(
        snapshot(100, 100, List.of(), gpu(FIRST, 40_000, 700), gpu(SECOND, 40_000, 700)),
        grid(360, 100),
        "alice",
        Map.of());
    flush();
  }

  /** Another user's job on the first GPU, a day later, without a signal and unmeasured. */
  private void aJobWithoutSignal() throws SQLException {
    long later = DAY.toSeconds();
    update(
        snapshot(later, 0, List.of(), gpu(FIRST, 40_000, 700), gpu(SECOND, 40_000, 700)),
        gridWithoutSignal(),
        "bob",
        Map.of());
    flush();
    update(
        snapshot(
            later + 1,
            0,
            List.of(job("b1", 0, 0, 0, FIRST)),
            gpu(FIRST, 40_000, 700),
            gpu(SECOND, 40_000, 700)),
        gridWithoutSignal(),
        "bob",
        Map.of());
    update(
        snapshot(
            later + 11,
            0,
            List.of(job("b1", 50, 0, 0, FIRST)),
            gpu(FIRST, 46_000, 700),
            gpu(SECOND, 41_000, 700)),
        gridWithoutSignal(),
        "bob",
        Map.of());
    flush();
  }

  private void flush() throws SQLException {
    file.write(meter.drain("b" + batches++));
  }

  private ReportBody report(String by) throws SQLException {
    return report(
        new ReportQuery(
            ReportQuery.GroupBy.parse(by),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty()));
  }

  private ReportBody report(ReportQuery question) throws SQLException {
    return file.query(reader -> reader.report(question, NOON.plus(DAY).plus(DAY)));
  }

  private static ReportBody.Against figure(Map<String, ReportBody.Against> all, String name) {
    return Objects.requireNonNull(all.get(name));
  }

  private static LineBody line(ReportBody report, String group) {
    return report.lines().stream()
        .filter(line -> line.group().equals(Optional.of(group)))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void aJobIsCountedOnceOverItsGpus() throws SQLException {
    aJobOnTwoGpus();
    LineBody line = line(report("job"), "a1");
    assertThat(line.name()).contains("resnet");
    assertThat(line.gpuSeconds()).isEqualTo(200);
    assertThat(line.steps()).hasValue(800L);
    assertThat(line.slowdownRatio()).hasValue(0.25);
    assertThat(line.used().joules()).hasValue(80_000.0);
    assertThat(line.used().joulesWithHost()).hasValue(100_000.0);
    assertThat(line.used().grams()).hasValue(8.0);
    assertThat(line.used().gramsWithHost()).hasValue(10.0);
    ReportBody.MoneyBody money = line.used().money().orElseThrow().getFirst();
    assertThat(money.currency()).isEqualTo("EUR");
    assertThat(money.amount()).isCloseTo(80_000 / 3.6e9 * 100, CLOSE);
    assertThat(line.limits()).containsExactly(new ReportBody.LimitTime(450, 200));
    assertThat(line.job().orElseThrow().user()).contains("alice");
    assertThat(line.job().orElseThrow().endedAt()).contains(UsageSnapshots.at(100));
  }

  @Test
  void theSourcesOfEachFigureAreReported() throws SQLException {
    aJobOnTwoGpus();
    ReportBody report = report("job");
    assertThat(report.simulated()).isTrue();
    ReportBody.BasisBody sources = line(report, "a1").basis();
    assertThat(sources.gpus()).containsExactly("simulated");
    assertThat(sources.energy()).containsExactly("counter");
    assertThat(sources.carbon()).containsExactly("trace CISO, live, measured, average, lifecycle");
    assertThat(sources.price()).containsExactly("energinet DK1, measured, EUR");
    assertThat(sources.host()).containsExactly("configured");
    assertThat(sources.work()).containsExactly("reported");
  }

  @Test
  void theSameWorkAtFullPowerAndUnderACarbonBlindPlanIsComputedFromTheProfile()
      throws SQLException {
    aJobOnTwoGpus();
    LineBody line = line(report("job"), "a1");
    // Full power: 80 s at 600 W and 100 W of host, on each of two GPUs.
    Map<String, ReportBody.Against> full = line.fullPower().orElseThrow();
    assertThat(figure(full, "joules").used()).isEqualTo(80_000);
    assertThat(figure(full, "joules").would()).isCloseTo(96_000, within(100.0));
    assertThat(figure(full, "joules_with_host").would()).isCloseTo(112_000, within(100.0));
    assertThat(figure(full, "grams").would()).isCloseTo(9.6, within(0.02));
    assertThat(figure(full, "joules").savedRatio().orElseThrow()).isCloseTo(1 / 6.0, CLOSE);
    assertThat(figure(full, "money").would()).isCloseTo(96_000 / 3.6e9 * 100, CLOSE);
    // As slow and blind: 450 W all the time, which is what was done.
    Map<String, ReportBody.Against> blind = line.blind().orElseThrow();
    assertThat(figure(blind, "joules").would()).isCloseTo(80_000, within(100.0));
    assertThat(figure(blind, "joules").savedRatio().orElseThrow()).isCloseTo(0, CLOSE);
  }

  @Test
  void whatIsUnknownIsAbsentAndTheRestIsReported() throws SQLException {
    aJobWithoutSignal();
    LineBody line = line(report("job"), "b1");
    assertThat(line.used().joules()).hasValue(6_000.0);
    assertThat(line.used().grams()).isEmpty();
    assertThat(line.used().money()).isEmpty();
    assertThat(line.used().joulesWithHost()).isEmpty();
    assertThat(line.joulesWithoutSignal()).hasValue(6_000.0);
    assertThat(line.slowdownRatio()).isEmpty();
    assertThat(line.fullPower()).isEmpty();
    assertThat(line.blind()).isEmpty();
    assertThat(line.job().orElseThrow().endedAt()).isEmpty();
  }

  @Test
  void theTotalIsEverythingOnceWhateverItIsTakenApartBy() throws SQLException {
    aJobOnTwoGpus();
    aJobWithoutSignal();
    for (String by : List.of("job", "gpu", "user", "day", "label:team", "label:none")) {
      ReportBody report = report(by);
      double sum =
          report.lines().stream().mapToDouble(one -> one.used().joules().orElse(0.0)).sum();
      assertThat(report.total().used().joules()).as(by).hasValue(87_000.0);
      assertThat(sum).as(by).isEqualTo(87_000);
    }
  }

  @Test
  void linesAreWhatWasAskedFor() throws SQLException {
    aJobOnTwoGpus();
    aJobWithoutSignal();
    assertThat(report("job").lines())
        .extracting(LineBody::group)
        .containsExactly(Optional.of("b1"), Optional.of("a1"), Optional.empty());
    assertThat(report("gpu").lines())
        .extracting(LineBody::group)
        .containsExactly(Optional.of("GPU-aaaa"), Optional.of("GPU-bbbb"));
    assertThat(line(report("gpu"), "GPU-aaaa").name()).contains("Simulated H100");
    assertThat(report("user").lines())
        .extracting(LineBody::group)
        .containsExactly(Optional.of("alice"), Optional.of("bob"), Optional.empty());
    assertThat(report("day").lines())
        .extracting(LineBody::group)
        .containsExactly(Optional.of("2026-11-23"), Optional.of("2026-11-24"));
    assertThat(report("label:team").lines())
        .extracting(LineBody::group)
        .containsExactly(Optional.of("vision"), Optional.empty());
  }

  @Test
  void onlyTheHoursThatWereAskedForCount() throws SQLException {
    aJobOnTwoGpus();
    aJobWithoutSignal();
    Instant later = NOON.plus(DAY);
    ReportBody report =
        report(
            new ReportQuery(
                ReportQuery.GroupBy.BY_JOB,
                Optional.of(later.plusSeconds(5)),
                Optional.empty(),
                Optional.empty(),
                Optional.of("GPU-aaaa")));
    assertThat(report.from()).contains(later);
    assertThat(report.total().used().joules()).hasValue(6_000.0);
    assertThat(
            report(
                    new ReportQuery(
                        ReportQuery.GroupBy.BY_JOB,
                        Optional.empty(),
                        Optional.of(later),
                        Optional.empty(),
                        Optional.empty()))
                .total()
                .used()
                .joules())
        .hasValue(80_000.0);
  }

  @Test
  void aLedgerWithoutRowsHasAnEmptyReport() throws SQLException {
    ReportBody report = report("job");
    assertThat(report.lines()).isEmpty();
    assertThat(report.from()).isEmpty();
    assertThat(report.total().used().joules()).isEmpty();
  }

  @Test
  void jobsAndGpusThatWereNeverKnownAreRefused() {
    assertThatThrownBy(() -> report(ReportQuery.ofJob("none")))
        .isInstanceOf(LedgerException.class)
        .hasMessage("no job 'none' is known here");
    assertThatThrownBy(() -> ReportQuery.GroupBy.parse("label:"))
        .hasMessage("'label:' is not job, gpu, user, day or label:KEY");
    assertThatThrownBy(() ->
            new ReportQuery(
                ReportQuery.GroupBy.BY_JOB,
                Optional.of(NOON),
                Optional.of(NOON),
                Optional.empty(),
                Optional.empty()))
        .hasMessage("'to' must be after 'from'");
  }

  @Test
  void beyondAThousandLinesTheRestIsInTheTotalAlone() throws SQLException {
    for (int i = 0; i < 1_100; i++) {
      update(
          snapshot(i * 10L, 0, List.of(job("j" + i, 0, 0, 0, FIRST)), gpu(FIRST, i * 10, 700)),
          grid(400),
          "alice",
          Map.of());
      if (i % 100 == 99) {
        flush();
      }
    }
    ReportBody report = report("job");
    assertThat(report.lines()).hasSize(1_000);
    assertThat(report.lines().getFirst().group()).contains("j1098");
    assertThat(report.leftOff()).isEqualTo(99);
    assertThat(report.total().used().joules()).hasValue(10_990.0);
  }
}
