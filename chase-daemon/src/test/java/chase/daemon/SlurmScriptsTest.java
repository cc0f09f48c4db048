package chase.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import chase.daemon.fixtures.Repository;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Slurm's prolog and epilog on a whole daemon, as slurmd calls them: by root, with the variables
 * that Slurm documents. No Slurm is here. Left aside where the tests are not root's, unless {@code
 * CHASE_REQUIRE_ROOT} is set.
 */
@Timeout(120)
class SlurmScriptsTest {
  private static final Path SCRIPTS = Repository.root().resolve("config/slurm");
  private static final int ANN = 53011;
  private static final int BEN = 53012;

  private Path directory;
  private SimulatedHost host;

  private record Outcome(int exit, String out, String err) {}

  @BeforeEach
  void start() throws Exception {
    boolean root = System.getProperty("user.name").equals("root");
    if (!root && System.getenv("CHASE_REQUIRE_ROOT") != null) {
      throw new IllegalStateException("slurmd runs as root, and this test does not");
    }
    assumeThat(root).as("slurmd runs as root").isTrue();
    directory = Files.createTempDirectory("chase-slurm");
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    host =
        new SimulatedHost(
            directory,
            SimulatedHost.socketAt(directory)
                + "}\naccess: {job: {users: [%s, %s]}}\n".formatted(ANN, BEN));
  }

  @AfterEach
  void stop() throws Exception {
    if (host == null) {
      return;
    }
    // Also of a test that failed: no holder stays.
    for (int id : List.of(101, 102, 103)) {
      run("epilog.sh", slurm(id, ANN, "0"));
    }
    host.close();
    try (Stream<Path> files = Files.walk(directory)) {
      files.sorted((a, b) -> b.compareTo(a)).forEach(file -> file.toFile().delete());
    }
  }

  /** The launcher, of jars and classes that every user can read. */
  private Path launcher() throws IOException {
    Set<String> packaged =
        Set.copyOf(
            Files.readAllLines(
                Repository.root().resolve("chase-daemon/src/test/resources/packaged-jars.txt")));
    Path lib = Files.createDirectory(directory.resolve("lib"));
    List<String> classPath = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      Path from = Path.of(entry);
      Path to = lib.resolve(String.valueOf(classPath.size()));
      if (Files.isDirectory(from) && from.endsWith("target/classes")) {
        copy(from, to);
        classPath.add(to.toString());
      } else if (packaged.contains(String.valueOf(from.getFileName()))) {
        Files.copy(from, to);
        classPath.add(to.toString());
      }
    }
    Path launcher = directory.resolve("chase");
    Files.writeString(
        launcher,
        """
        #!/bin/sh
        if [ -z "${CHASE_RUN_STEP:-}" ]; then exec sh %s/supervise.sh "$0" "$@"; fi
        exec %s -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xshare:auto -cp %s chase.daemon.Main "$@"
        """
            .formatted(
                lib,
                Path.of(System.getProperty("java.home"), "bin", "java"),
                String.join(File.pathSeparator, classPath)));
    Files.copy(
        Repository.root().resolve("chase-daemon/src/main/sh/supervise.sh"),
        lib.resolve("supervise.sh"));
    Files.setPosixFilePermissions(launcher, PosixFilePermissions.fromString("rwxr-xr-x"));
    return launcher;
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(from.relativize(file).toString()));
      }
    }
  }

  private Map<String, String> slurm(int id, int uid, String gpus) {
    Map<String, String> variables = new HashMap<>();
    variables.put("SLURM_JOB_ID", String.valueOf(id));
    variables.put("SLURM_JOB_UID", String.valueOf(uid));
    variables.put("SLURM_JOB_USER", "u" + uid);
    variables.put("SLURM_JOB_GPUS", gpus);
    variables.put("SLURM_JOB_NAME", "resnet50");
    variables.put("SLURM_JOB_PARTITION", "gpu");
    variables.put("CHASE", directory.resolve("chase").toString());
    variables.put("CHASE_SOCKET", host.socket().toString());
    variables.put("CHASE_SLURM_DIRECTORY", directory.resolve("slurm").toString());
    variables.put("CHASE_SLURM_RECEIPTS", directory.toString());
    return variables;
  }

  /** slurmd gives its scripts no search path. */
  private Process begin(String script, Map<String, String> variables) throws IOException {
    ProcessBuilder builder = new ProcessBuilder("/bin/sh", SCRIPTS.resolve(script).toString());
    builder.environment().clear();
    builder.environment().putAll(variables);
    return builder.start();
  }

  private static Outcome end(Process process) throws Exception {
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Outcome(process.waitFor(), out, err);
  }

  private Outcome run(String script, Map<String, String> variables) throws Exception {
    return end(begin(script, variables));
  }

  /** What computes on this host without a job is not Slurm's. */
  private List<JsonNode> jobs() throws IOException {
    return new ObjectMapper()
        .readTree(host.get("/v1/jobs").body())
        .valueStream()
        .filter(job -> job.path("origin").asText().equals("registered"))
        .toList();
  }

  private String job(int slurmJob) throws IOException {
    for (JsonNode job : jobs()) {
      if (job.path("labels").path("slurm_job").asText().equals(String.valueOf(slurmJob))) {
        return job.path("id").asText();
      }
    }
    return "none of " + jobs();
  }

  @Test
  void jobsOfSlurmAreJobsOfTheirUsersUntilTheirEpilog() throws Exception {
    launcher();
    Map<String, String> first = slurm(101, ANN, "0");
    Map<String, String> second = slurm(102, BEN, "1");
    Process atOnce = begin("prolog.sh", first);
    assertThat(run("prolog.sh", second)).isEqualTo(new Outcome(0, "", ""));
    assertThat(end(atOnce)).isEqualTo(new Outcome(0, "", ""));
    assertThat(jobs()).hasSize(2);
    assertThat(jobs())
        .allSatisfy(job -> {
          assertThat(job.path("name").asText()).isEqualTo("resnet50");
          assertThat(job.path("labels").path("slurm_partition").asText()).isEqualTo("gpu");
        });
    assertThat(jobs())
        .extracting(job -> job.path("user").asText())
        .containsExactlyInAnyOrder(String.valueOf(ANN), String.valueOf(BEN));
    String before = job(101);
    assertThat(run("task-prolog.sh", first))
        .isEqualTo(new Outcome(0, "export CHASE_JOB=" + before + "\n", ""));

    // Requeued to the same node; its epilog did not run.
    assertThat(run("prolog.sh", first)).isEqualTo(new Outcome(0, "", ""));
    assertThat(jobs()).hasSize(2);
    assertThat(job(101)).isNotEqualTo(before);

    Process ends = begin("epilog.sh", first);
    assertThat(run("epilog.sh", second)).isEqualTo(new Outcome(0, "", ""));
    assertThat(end(ends)).isEqualTo(new Outcome(0, "", ""));
    assertThat(jobs()).isEmpty();
    assertThat(directory.resolve("slurm")).isEmptyDirectory();
    for (int id : List.of(101, 102)) {
      assertThat(directory.resolve(id + ".txt")).content().contains("resnet50");
    }
    assertThat(run("epilog.sh", first)).isEqualTo(new Outcome(0, "", ""));
  }

  @Test
  void aNameWithoutAsciiAndARangeOfGpusAreUnderstood() throws Exception {
    Path command = directory.resolve("chase");
    Files.writeString(command, "#!/bin/sh\necho \"$@\"\nexec sleep 60\n");
    Files.setPosixFilePermissions(command, PosixFilePermissions.fromString("rwxr-xr-x"));
    Map<String, String> variables = slurm(103, ANN, "0-2,5");
    variables.put("SLURM_JOB_NAME", "训练");
    assertThat(run("prolog.sh", variables)).isEqualTo(new Outcome(0, "", ""));
    assertThat(directory.resolve("slurm/103/job"))
        .content()
        .startsWith("run --name=slurm-103 --gpus=0,1,2,5 ");
  }

  @Test
  void withoutADaemonTheJobRunsAndALineSaysWhy() throws Exception {
    launcher();
    Map<String, String> variables = slurm(103, ANN, "0");
    variables.put("CHASE_SOCKET", directory.resolve("none.sock").toString());
    Outcome prolog = run("prolog.sh", variables);
    assertThat(prolog.exit()).isZero();
    assertThat(prolog.err())
        .startsWith("chase-slurm: job 103: not registered yet: ")
        .contains("none.sock")
        .hasLineCount(1);
    assertThat(run("epilog.sh", variables)).isEqualTo(new Outcome(0, "", ""));
    assertThat(directory.resolve("slurm")).isEmptyDirectory();
  }

  @Test
  void nothingKeepsAJobFromRunning() throws Exception {
    Map<String, String> noGpus = slurm(104, ANN, "");
    assertThat(run("prolog.sh", noGpus)).isEqualTo(new Outcome(0, "", ""));
    assertThat(run("epilog.sh", noGpus)).isEqualTo(new Outcome(0, "", ""));

    assertThat(run("prolog.sh", slurm(104, ANN, "0")))
        .isEqualTo(
            new Outcome(
                0,
                "",
                "chase-slurm: job 104: %s is not installed; the job runs without it\n"
                    .formatted(directory.resolve("chase"))));
    Map<String, String> strange = slurm(104, ANN, "0");
    strange.put("SLURM_JOB_ID", "../../etc");
    assertThat(run("prolog.sh", strange).err()).contains("no number in SLURM_JOB_ID (../../etc)");
    assertThat(run("epilog.sh", strange)).isEqualTo(new Outcome(0, "", ""));
    assertThat(run("task-prolog.sh", Map.of())).isEqualTo(new Outcome(0, "", ""));
  }
}
