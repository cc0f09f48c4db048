package chase.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import chase.daemon.api.ApiJson;
import chase.daemon.api.CheckBody;
import chase.daemon.api.CheckBody.CheckResult;
import chase.daemon.api.DoctorBody;
import chase.daemon.cli.ChaseCommand;
import chase.daemon.fixtures.NoLocalActions;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A running daemon says how it is itself. */
class DoctorOnHostTest {
  @TempDir Path directory;
  private SimulatedHost host;

  @BeforeEach
  void start() throws Exception {
    host = new SimulatedHost(directory, SimulatedHost.socketAt(directory) + "}\n");
  }

  @AfterEach
  void stop() {
    host.close();
  }

  /** Everything of a configuration is the daemon's business while one runs. */
  private static final class HostOnly extends NoLocalActions {
    @Override
    public List<CheckBody> checkHost(Optional<Long> daemon) {
      assertThat(daemon).contains(ProcessHandle.current().pid());
      return List.of(CheckBody.ok("clock", "synchronised"));
    }
  }

  @Test
  void theDaemonNamesWhatItIsAndWhatItSees() throws Exception {
    DoctorBody body = ApiJson.mapper().readValue(host.get("/v1/doctor").body(), DoctorBody.class);
    assertThat(body.daemon().pid()).isEqualTo(ProcessHandle.current().pid());
    assertThat(body.daemon().user()).isEqualTo(System.getProperty("user.name"));
    assertThat(body.daemon().socket()).isEqualTo(host.socket().toString());
    assertThat(body.daemon().stateDirectory()).isEqualTo(directory.resolve("state").toString());
    assertThat(body.daemon().effectiveCapabilities()).matches("[0-9a-f]{16}");
    assertThat(body.checks())
        .contains(
            CheckBody.note("driver", "2 GPUs, simulated (gpu.backend)"),
            CheckBody.ok("state", directory.resolve("state") + " can be written"))
        .extracting(CheckBody::result)
        .doesNotContain(CheckResult.FAILED);
  }

  @Test
  void theCommandShowsTheDaemonsSideAndDoesNotLookFromTheCallers() {
    StringWriter out = new StringWriter();
    int exitCode =
        ChaseCommand.run(
            new String[] {"--socket", host.socket().toString(), "doctor"},
            new HostOnly(),
            new PrintWriter(out),
            new PrintWriter(new StringWriter()));
    assertThat(out.toString())
        .contains("ok       daemon    it runs as user " + System.getProperty("user.name"))
        .contains("ok       clock     synchronised");
    assertThat(exitCode).isZero();
  }

  @Test
  void aConfigurationThatTheDaemonDoesNotRunWithIsAWarning() {
    StringWriter out = new StringWriter();
    Path other = directory.resolve("other.yaml");
    int exitCode =
        ChaseCommand.run(
            new String[] {
              "--socket", host.socket().toString(), "doctor", "--config", other.toString(), "--json"
            },
            new HostOnly(),
            new PrintWriter(out),
            new PrintWriter(new StringWriter()));
    assertThat(out.toString())
        .contains("\"side\" : \"daemon\"")
        .contains("it runs with a configuration of its own, not with " + other);
    assertThat(exitCode).isZero();
  }
}
