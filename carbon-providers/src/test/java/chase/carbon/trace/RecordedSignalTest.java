package chase.carbon.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import chase.carbon.CarbonIntensity;
import chase.carbon.Provenance;
import chase.carbon.Region;
import chase.carbon.SignalKind;
import chase.carbon.SignalKind.EmissionScope;
import chase.carbon.SignalKind.Margin;
import chase.carbon.fixtures.TestClock;
import chase.carbon.fixtures.TestIntensities;
import chase.carbon.history.SignalRecorder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordedSignalTest {
  private static final SignalKind MARGINAL = new SignalKind(Margin.MARGINAL, EmissionScope.DIRECT);
  private static final Instant START = Instant.parse("2026-03-01T00:00:00Z");

  @TempDir private Path directory;
  private final TestIntensities series =
      new TestIntensities(MARGINAL, Duration.ofMinutes(5), START);
  private Path file = Path.of("");

  @BeforeEach
  void record() throws Exception {
    file = directory.resolve("grid.jsonl");
    try (SignalRecorder recorder = SignalRecorder.open(file, warning -> {})) {
      recorder.write(series.of(400));
      recorder.write(series.of(35));
      recorder.write(series.at(START.plusSeconds(300), 40, START.plusSeconds(400)));
      recorder.write(series.of(420));
    }
  }

  @Test
  void aRecordingPlaysAsWhatItWas() throws Exception {
    Trace trace = Trace.read(file);
    assertThat(trace.rows()).isEqualTo(3);
    TestClock clock = new TestClock("2027-01-01T00:00:00Z");
    TraceProvider source =
        new TraceProvider(
            trace,
            trace.series().orElseThrow().region(),
            EmissionScope.UNSTATED,
            new PlaybackSettings(10, Optional.empty(), false),
            clock);
    clock.pass(Duration.ofSeconds(30));
    CarbonIntensity second = source.current();
    assertThat(second.value().value()).isEqualTo(40);
    assertThat(second.kind()).isEqualTo(MARGINAL);
    assertThat(second.region()).isEqualTo(new Region("X"));
    assertThat(second.provenance()).isEqualTo(new Provenance.Replayed(START.plusSeconds(300)));
    assertThat(second.period()).isEqualTo(Duration.ofSeconds(30));
  }

  @Test
  void aScopeThatContradictsTheRecordingIsRefused() {
    Trace trace = Trace.read(file);
    PlaybackSettings replay = new PlaybackSettings(1, Optional.empty(), true);
    TestClock clock = new TestClock("2027-01-01T00:00:00Z");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> new TraceProvider(trace, new Region("X"), EmissionScope.LIFECYCLE, replay, clock))
        .withMessage(
            "trace scope: " + file + " is a recording of kind marginal, direct, not lifecycle");
  }

  @Test
  void aLineThatIsNoneIsNamed() throws Exception {
    Files.writeString(file, "time,grams_per_kwh\n", StandardOpenOption.APPEND);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Trace.read(file))
        .withMessageStartingWith(file + ":5: not JSON");
  }

  @Test
  void twoSeriesInOneRecordingAreRefused() throws Exception {
    TestIntensities other =
        new TestIntensities(
            new SignalKind(Margin.AVERAGE, EmissionScope.DIRECT), Duration.ofHours(1), START);
    try (SignalRecorder recorder = SignalRecorder.open(file, warning -> {})) {
      recorder.write(other.of(300));
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Trace.read(file))
        .withMessage(
            file
                + ":5: a number of grid X (average, direct) in a recording of grid X (marginal,"
                + " direct)");
  }

  @Test
  void anEmptyOrMissingRecordingIsRefused() throws Exception {
    Path empty = Files.writeString(directory.resolve("empty.jsonl"), "");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Trace.read(empty))
        .withMessage(empty + ":0: a trace needs two periods at least, this one has 0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Trace.read(directory.resolve("none.jsonl")))
        .withMessageEndingWith("none.jsonl: no such file");
  }
}
