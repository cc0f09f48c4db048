package chase.daemon.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import chase.carbon.history.IntensityJson;
import chase.carbon.trace.Trace;
import chase.daemon.fixtures.NoLocalActions;
import chase.daemon.fixtures.TestDaemon;
import chase.daemon.fixtures.TestTerminal;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SignalCommandTest {
  @TempDir private Path directory;
  private final Vertx vertx = Vertx.vertx();
  private final TestDaemon daemon = new TestDaemon(vertx);
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeEach
  void open() throws TimeoutException {
    vertx.deployVerticle(daemon.server(socket())).await(10, TimeUnit.SECONDS);
  }

  @AfterEach
  void close() throws TimeoutException {
    vertx.close().await(10, TimeUnit.SECONDS);
  }

  @Test
  void aLiveNumberIsWrittenOnceWithItsProvenance() throws IOException {
    Path file = directory.resolve("grid.jsonl");
    assertThat(chase("signal record " + file + " --every 10ms --for 50ms")).isZero();
    List<String> lines = Files.readAllLines(file);
    assertThat(lines).hasSize(1);
    assertThat(IntensityJson.parse(lines.getFirst()).value().value()).isEqualTo(412);
    assertThat(out.toString()).endsWith("412.0 gCO2/kWh  replayed\n");
    assertThat(chase("signal record " + file + " --every 10ms --for 20ms")).isZero();
    assertThat(Files.readAllLines(file)).hasSize(2);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Trace.read(file))
        .withMessageEndingWith("a trace needs two periods at least, this one has 1");
  }

  @Test
  void aFileThatIsNoRecordingByNameIsWrongUsage() {
    assertThat(chase("signal record grid.csv")).isEqualTo(2);
    assertThat(err.toString()).contains("FILE must end in .jsonl");
    assertThat(chase("signal record grid.jsonl --every 0s")).isEqualTo(2);
    assertThat(chase("signal record grid.jsonl --for soon")).isEqualTo(2);
  }

  @Test
  void aFileThatIsNoRecordingIsLeftAlone() throws IOException {
    Path file = Files.writeString(directory.resolve("notes.jsonl"), "dear diary\n");
    assertThat(chase("signal record " + file + " --for 10ms")).isEqualTo(1);
    assertThat(err.toString()).contains("is no recording, and nothing is added to it");
    assertThat(file).hasContent("dear diary\n");
  }

  @Test
  void withoutADaemonNothingIsRecorded() throws TimeoutException {
    vertx.close().await(10, TimeUnit.SECONDS);
    Path file = directory.resolve("grid.jsonl");
    assertThat(chase("signal record " + file + " --for 10ms")).isEqualTo(3);
  }

  private Path socket() {
    return directory.resolve("chase.sock");
  }

  private int chase(String line) {
    String[] args = (line + " --socket " + socket()).split(" ");
    return ChaseCommand.run(
        args,
        new NoLocalActions(),
        TestTerminal.PIPE,
        new PrintWriter(out, true),
        new PrintWriter(err, true));
  }
}
