package chase.carbon.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import chase.carbon.CarbonIntensity;
import chase.carbon.SignalKind;
import chase.carbon.SignalKind.EmissionScope;
import chase.carbon.SignalKind.Margin;
import chase.carbon.fixtures.TestIntensities;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SignalRecorderTest {
  @TempDir private Path directory;
  private final List<String> warnings = new ArrayList<>();
  private final TestIntensities series =
      new TestIntensities(
          new SignalKind(Margin.AVERAGE, EmissionScope.LIFECYCLE),
          Duration.ofHours(1),
          Instant.parse("2026-03-01T00:00:00Z"));

  @Test
  void aNumberIsInTheFileBeforeTheCallReturnsAndOnlyOnce() throws IOException {
    Path file = directory.resolve("grid.jsonl");
    CarbonIntensity sample = series.of(300);
    try (SignalRecorder recorder = SignalRecorder.open(file, warnings::add)) {
      assertThat(recorder.write(sample)).isTrue();
      assertThat(Files.readString(file)).isEqualTo(IntensityJson.line(sample) + "\n");
      assertThat(recorder.write(sample)).isFalse();
      assertThat(recorder.write(series.of(300))).isTrue();
    }
    assertThat(Files.readAllLines(file)).hasSize(2);
  }

  @Test
  void aRecordingIsContinuedAndItsTornLineSetAside() throws IOException {
    Path file = directory.resolve("grid.jsonl");
    try (SignalRecorder recorder = SignalRecorder.open(file, warnings::add)) {
      recorder.write(series.of(300));
    }
    Files.writeString(file, "{\"from\":\"20", StandardOpenOption.APPEND);
    try (SignalRecorder recorder = SignalRecorder.open(file, warnings::add)) {
      recorder.write(series.of(310));
    }
    assertThat(Files.readAllLines(file)).hasSize(2).allMatch(line -> line.endsWith("}"));
    assertThat(directory.resolve("grid.jsonl.torn")).hasContent("{\"from\":\"20");
    assertThat(warnings).hasSize(1).first().asString().contains("the last line was torn");
  }

  @Test
  void anotherFileIsLeftAsItIs() throws IOException {
    Path file = Files.writeString(directory.resolve("notes.txt"), "dear diary\nno");
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> SignalRecorder.open(file, warnings::add))
        .withMessageStartingWith(file + ": is no recording, and nothing is added to it");
    assertThat(file).hasContent("dear diary\nno");
  }
}
