package chase.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import chase.daemon.api.ApiJson;
import chase.daemon.cli.ChaseCommand;
import chase.daemon.fixtures.NoLocalActions;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The ledger of the real process on simulated GPUs, which dies without a word. */
class KilledLedgerTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir Path directory;
  private final List<Process> started = new ArrayList<>();

  @BeforeEach
  void configure() throws IOException {
    Files.writeString(
        directory.resolve("grid.csv"),
        "time,grams_per_kwh\n2021-01-01T00:00:00Z,300\n2021-01-01T01:00:00Z,400\n");
    Files.writeString(
        directory.resolve("chase.yaml"),
        """
        policy: fixed:500
        gpu: {backend: simulated, simulated: [h100-sxm, h100-sxm], telemetry-period: 100ms}
        carbon: {provider: trace, region: test, trace: {file: grid.csv, repeat: true}}
        control: {socket: chase.sock}
        metrics: {enabled: false}
        state-directory: state
        """);
  }

  @AfterEach
  void leaveNoProcess() throws InterruptedException {
    for (Process process : started) {
      process.destroyForcibly().waitFor(30, TimeUnit.SECONDS);
    }
  }

  private Process daemon() throws IOException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                "chase.daemon.Main",
                "daemon",
                "--config",
                directory.resolve("chase.yaml").toString())
            .redirectErrorStream(true)
            .redirectOutput(Redirect.appendTo(directory.resolve("log").toFile()))
            .start();
    started.add(process);
    return process;
  }

  /** What the daemon says was used so far, which it has committed by then; -1 while it is away. */
  private double reported() throws IOException {
    StringWriter out = new StringWriter();
    int exit =
        ChaseCommand.run(
            new String[] {
              "--socket", directory.resolve("chase.sock").toString(), "report", "--json"
            },
            new NoLocalActions(),
            new PrintWriter(out, true),
            new PrintWriter(new StringWriter(), true));
    if (exit != 0) {
      return -1;
    }
    JsonNode used = ApiJson.mapper().readTree(out.toString()).path("total").path("used");
    assertThat(used.has("grams") || !used.has("joules")).isTrue();
    return used.path("joules").asDouble();
  }

  private double onDisk(String sql) throws SQLException {
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("state/ledger.db"));
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      return rows.getDouble(1);
    }
  }

  @Test
  void aKilledDaemonLosesNoCommittedRowAndTheNextOneGoesOn() throws Exception {
    Process first = daemon();
    await().atMost(PATIENCE).until(() -> reported() > 1_000);
    double committed = reported();
    first.destroyForcibly().waitFor(30, TimeUnit.SECONDS);

    assertThat(onDisk("SELECT sum(joules) FROM entry")).isGreaterThanOrEqualTo(committed - 1);
    assertThat(
            onDisk("SELECT count(*) = 1 FROM pragma_integrity_check WHERE integrity_check = 'ok'"))
        .isEqualTo(1);

    daemon();
    await().atMost(PATIENCE).until(() -> reported() > committed + 1_000);
  }

  @Test
  void aDamagedLedgerIsSetAsideAndTheDaemonRunsOn() throws Exception {
    Files.createDirectories(directory.resolve("state"));
    Files.writeString(
        directory.resolve("state/ledger.db"), "this was never a database ".repeat(40));
    daemon();
    await().atMost(PATIENCE).until(() -> reported() > 100);
    assertThat(Files.readString(directory.resolve("log"))).contains("is damaged", "it is now");
  }
}
