package chase.daemon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import chase.daemon.fixtures.NoLocalActions;
import chase.daemon.fixtures.TestDaemon;
import chase.daemon.fixtures.TestTerminal;
import io.vertx.core.Vertx;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PauseCommandsTest {
  private final Vertx vertx = Vertx.vertx();
  private final TestDaemon daemon = new TestDaemon(vertx);
  private final Path socket;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  PauseCommandsTest(@TempDir Path directory) {
    socket = directory.resolve("chase.sock");
  }

  @BeforeEach
  void open() throws TimeoutException {
    vertx.deployVerticle(daemon.server(socket)).await(10, TimeUnit.SECONDS);
  }

  @AfterEach
  void close() throws TimeoutException {
    vertx.close().await(10, TimeUnit.SECONDS);
  }

  private int chase(String... line) {
    String[] all = new String[line.length + 2];
    all[0] = "--socket";
    all[1] = socket.toString();
    System.arraycopy(line, 0, all, 2, line.length);
    return ChaseCommand.run(
        all, new NoLocalActions(), TestTerminal.PIPE, new PrintWriter(out), new PrintWriter(err));
  }

  @Test
  void theHostIsPausedAndResumed() {
    assertThat(chase("pause")).isZero();
    assertThat(daemon.snapshot().paused()).isTrue();

    assertThat(chase("resume")).isZero();
    assertThat(daemon.snapshot().paused()).isFalse();
    assertThat(out.toString().lines()).containsExactly("paused until 'chase resume'", "resumed");
  }

  @Test
  void aGpuThatIsPausedWhileAllAreSaysForHowLong() {
    assertThat(chase("pause")).isZero();
    assertThat(chase("pause", "0", "--for", "1h")).isZero();
    assertThat(out.toString())
        .contains("GPU 0 is paused for 1h, and all GPUs until 'chase resume'; its limit is");
  }

  @Test
  void aReleaseWithoutAnOverrideSaysSo() {
    assertThat(chase("release", "0")).isZero();
    assertThat(out.toString()).startsWith("no override held GPU 0; its limit is");
    assertThat(chase("override", "0", "500", "--for", "1h")).isZero();
    assertThat(chase("release", "0")).isZero();
    assertThat(out.toString().lines().toList().getLast())
        .startsWith("GPU 0 is released; its limit is");
  }

  @Test
  void anOverrideThatAPauseCoversIsReleased() {
    assertThat(chase("override", "0", "500", "--for", "1h")).isZero();
    assertThat(chase("pause", "0")).isZero();
    assertThat(chase("release", "0")).isZero();
    assertThat(out.toString().lines().toList().getLast())
        .isEqualTo("GPU 0 is released; its limit is 700 W");
  }

  @Test
  void oneGpuIsPausedForAWhileAndResumed() {
    assertThat(chase("pause", "0", "--for", "1h")).isZero();
    assertThat(chase("resume", "0")).isZero();
    assertThat(chase("pause", "--for", "90s")).isZero();
    assertThat(out.toString().lines())
        .containsExactly(
            "GPU 0 is paused for 1 h more, until 13:00 UTC; its limit is 700 W",
            "GPU 0 is resumed; its limit is 420 W",
            "paused for 90 s more, until 12:01 UTC");
  }
}
