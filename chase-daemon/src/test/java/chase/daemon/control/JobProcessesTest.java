package chase.daemon.control;

import static chase.daemon.control.ControlClient.await;
import static org.assertj.core.api.Assertions.assertThat;

import chase.daemon.control.ControlClient.Reply;
import chase.daemon.fixtures.TestDaemon;
import chase.daemon.host.ProcessTable;
import chase.daemon.restart.WatchedProcesses;
import chase.zeus.engine.Event;
import chase.zeus.engine.JobId;
import chase.zeus.engine.JobSpec;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How a job ends with its process, and how a killed one begins anew. */
class JobProcessesTest {
  private static final String JOBS = "/v1/jobs";
  private static final String BERT = "{\"name\":\"bert\",\"gpus\":[\"0\"]}";
  private static final JobId ID = new JobId("a1");

  private final Vertx vertx = Vertx.vertx();
  private final TestDaemon daemon = new TestDaemon(vertx);
  private final JobProcesses processes =
      new JobProcesses(
          new WatchedProcesses(), new ProcessTable(ProcessTable.SYSTEM), daemon.clock());
  private final ControlClient api;
  private final ControlServer server;

  JobProcessesTest(@TempDir Path directory) {
    Path socket = directory.resolve("chase.sock");
    api = new ControlClient(vertx, socket);
    server = daemon.server(socket);
  }

  @BeforeEach
  void open() {
    await(vertx.deployVerticle(server));
  }

  @AfterEach
  void close() {
    await(vertx.close());
  }

  private static ProcessHandle ended() throws IOException, InterruptedException {
    Process process = new ProcessBuilder("sleep", "60").start();
    ProcessHandle handle = process.toHandle();
    process.destroyForcibly().waitFor();
    return handle;
  }

  private static JobSpec bert(String user) {
    return new JobSpec(
        "bert",
        List.of(TestDaemon.FIRST),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Map.of(),
        Optional.of(user),
        Optional.empty());
  }

  private void begin() {
    await(daemon.command(new Event.JobStarted(ID, bert("alice"), daemon.clock().instant())));
  }

  private List<JobId> gone() {
    return processes.findEnded(daemon.snapshot());
  }

  private Optional<JobId> left(String user) {
    return processes.findAbandoned(daemon.snapshot(), bert(user));
  }

  @Test
  void aJobEndsWithTheProcessThatReportsForIt() throws Exception {
    begin();
    ProcessHandle killed = ended();
    processes.onReport(ID, Optional.of(killed));
    processes.onReport(ID, Optional.of(killed));
    assertThat(gone()).containsExactly(ID);
  }

  @Test
  void aJobEndsWithTheProcessThatItNames() throws Exception {
    begin();
    processes.register(ID, ended());
    processes.onReport(ID, Optional.of(ProcessHandle.current()));
    assertThat(gone()).containsExactly(ID);
  }

  @Test
  void aLivingProcessEndsNothing() {
    begin();
    processes.register(ID, ProcessHandle.current());
    processes.onReport(ID, Optional.of(ProcessHandle.current()));
    processes.onReport(ID, Optional.of(ProcessHandle.current()));
    assertThat(gone()).isEmpty();
    assertThat(left("alice")).isEmpty();
  }

  /** A shell registers and reports with one short-lived command after the other. */
  @Test
  void aJobDoesNotEndWithACommandThatSpokeForItOnce() throws Exception {
    begin();
    processes.onReport(ID, Optional.of(ended()));
    assertThat(gone()).isEmpty();
    processes.onReport(ID, Optional.of(ended()));
    assertThat(gone()).isEmpty();
  }

  @Test
  void aKilledRunIsTakenOverByTheSameUsersNextOne() throws Exception {
    begin();
    processes.onReport(ID, Optional.of(ended()));
    assertThat(left("bob")).isEmpty();
    assertThat(left("alice")).contains(ID);
  }

  @Test
  void aRunThatCannotBeSeenIsTakenOverOnceItIsSilent() {
    begin();
    processes.onReport(ID, Optional.empty());
    assertThat(left("alice")).isEmpty();
    daemon.advance(Duration.ofSeconds(15));
    assertThat(left("alice")).contains(ID);
  }

  /** This transport shows no process, as for a training in a container. */
  @Test
  void aKilledTrainingDoesNotBlockItsOwnRestart() {
    String first = api.call(HttpMethod.POST, JOBS, BERT).json().path("id").asText();
    assertThat(api.call(HttpMethod.POST, JOBS, BERT).status()).isEqualTo(409);
    daemon.advance(Duration.ofSeconds(15));
    assertThat(api.call(HttpMethod.POST, JOBS, BERT.replace("bert", "gpt")).status())
        .isEqualTo(409);
    Reply again = api.call(HttpMethod.POST, JOBS, BERT);
    assertThat(again.status()).as(again.toString()).isEqualTo(201);
    assertThat(api.call(HttpMethod.POST, JOBS + "/" + first + "/steps", "{\"steps\":9}").error())
        .startsWith("410 job_ended: job " + first + " (bert) was taken over by a later run at ");
  }
}
