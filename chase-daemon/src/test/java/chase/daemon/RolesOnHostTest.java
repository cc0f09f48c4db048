package chase.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import chase.daemon.access.Role;
import chase.daemon.access.RouteRoles;
import chase.daemon.access.RouteRoles.RouteRole;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Every role on every route, each tried by a user of its own on this host: only root can become
 * them.
 */
class RolesOnHostTest {
  private static final Path SETPRIV = Path.of("/usr/bin/setpriv");
  private static final Path CURL = Path.of("/usr/bin/curl");
  private static final int JOBS_GROUP = 53001;

  private static final TestUser OPERATOR = new TestUser(53002, 53002);
  private static final TestUser JOB = new TestUser(53003, JOBS_GROUP);
  private static final TestUser OTHER_JOB = new TestUser(53004, JOBS_GROUP);
  private static final TestUser READER = new TestUser(53005, 53005);
  private static final TestUser OUTSIDER = new TestUser(53006, 53006);

  private static Path directory;
  private static SimulatedHost host;

  /** A user without a name. */
  private record TestUser(int uid, int group) {
    /** What curl prints when this user calls; the group is a supplementary one. */
    String curl(String... arguments) throws IOException, InterruptedException {
      List<String> command =
          new ArrayList<>(
              List.of(
                  SETPRIV.toString(),
                  "--reuid=" + uid,
                  "--regid=" + uid,
                  "--groups=" + group,
                  CURL.toString(),
                  "--silent",
                  "--unix-socket",
                  host.socket().toString()));
      command.addAll(List.of(arguments));
      Process process =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
      String answer = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      process.waitFor();
      return answer;
    }

    String call(String method, String path, String body) throws Exception {
      return curl(
          "--request", method, "--data", body, "--write-out", " %{http_code}", "http://h" + path);
    }

    /** The status of each route, one process for all. */
    List<Integer> statuses(List<RouteRole> routes) throws Exception {
      List<String> arguments = new ArrayList<>();
      for (RouteRole route : routes) {
        arguments.addAll(
            List.of(
                "--max-time",
                "5",
                "--silent",
                "--unix-socket",
                host.socket().toString(),
                "--output",
                "/dev/null",
                "--write-out",
                "%{http_code}\n",
                "--request",
                route.method().name(),
                "http://h" + route.path().replace(":gpu", "1").replaceAll(":\\w+", "none"),
                "--next"));
      }
      arguments.removeLast();
      return curl(arguments.toArray(String[]::new)).lines().map(Integer::valueOf).toList();
    }
  }

  @BeforeAll
  static void start() throws Exception {
    assumeThat(System.getProperty("user.name")).as("who may become others").isEqualTo("root");
    assumeThat(SETPRIV).exists();
    assumeThat(CURL).exists();
    directory =
        Files.createTempDirectory(
            "chase-roles",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    host =
        new SimulatedHost(
            directory,
            SimulatedHost.socketAt(directory)
                + "}\naccess: {operator: {users: [%s]}, job: {groups: [%s]}, read: {users: [%s]}}\n"
                    .formatted(OPERATOR.uid, JOBS_GROUP, READER.uid));
  }

  @AfterAll
  static void stop() throws IOException {
    if (host != null) {
      host.close();
      try (Stream<Path> files = Files.walk(directory)) {
        files.sorted((a, b) -> b.compareTo(a)).forEach(file -> file.toFile().delete());
      }
    }
  }

  /** Not a job or run that there is none of, nor what Zeus answers with 404 on purpose. */
  private static boolean namesWhatIsThere(RouteRole route) {
    return route.path().startsWith("/v1/") && !route.path().replace(":gpu", "1").contains(":");
  }

  /** What never ends is called apart. */
  private static boolean isStream(RouteRole route) {
    return route.path().endsWith("stream_power") || route.path().equals("/v1/events");
  }

  @Test
  void everyRoleOnEveryRoute() throws Exception {
    List<RouteRole> routes = RouteRoles.ALL.stream().filter(route -> !isStream(route)).toList();
    Map<String, List<Integer>> answers = new LinkedHashMap<>();
    answers.put("operator", OPERATOR.statuses(routes));
    answers.put("job", JOB.statuses(routes));
    answers.put("read", READER.statuses(routes));
    answers.put("none", OUTSIDER.statuses(routes));

    StringBuilder table = new StringBuilder("%-52s".formatted("route"));
    answers.keySet().forEach(role -> table.append("%9s".formatted(role)));
    for (int i = 0; i < routes.size(); i++) {
      table.append("\n%-52s".formatted(routes.get(i)));
      for (Map.Entry<String, List<Integer>> each : answers.entrySet()) {
        int status = each.getValue().get(i);
        table.append("%9d".formatted(status));
        assertThat(status == 403)
            .as("%s as %s: %d", routes.get(i), each.getKey(), status)
            .isEqualTo(!mayCall(each.getKey(), routes.get(i)));
        assertThat(status).as("%s is there", routes.get(i)).isNotEqualTo(405);
        if (namesWhatIsThere(routes.get(i))) {
          assertThat(status).as("%s is there", routes.get(i)).isNotEqualTo(404);
        }
      }
    }
    System.out.println(table);
  }

  private static boolean mayCall(String role, RouteRole route) {
    return route.role().isEmpty()
        || Stream.of(Role.values())
            .filter(one -> one.word().equals(role))
            .anyMatch(one -> one.includes(route.role().get()));
  }

  @Test
  void streamsAreForThoseWhoMayRead() throws Exception {
    String[] follow = {"--max-time", "0.5", "http://h/v1/events"};

    assertThat(READER.curl(follow)).contains("event: hello");
    assertThat(OUTSIDER.curl(follow)).contains("\"error\":\"forbidden\"");
  }

  @Test
  void somebodyWithoutARoleReadsWhoTheyAreAndWhatHelps() throws Exception {
    assertThat(OUTSIDER.call("GET", "/v1/status", ""))
        .contains("you are 53006 (uid 53006) without a role; this needs read")
        .endsWith(" 403");
    assertThat(JOB.call("POST", "/v1/pause", ""))
        .contains("you are 53003 (uid 53003) with role job; this needs operator");
    assertThat(OUTSIDER.call("GET", "/v1/whoami", ""))
        .contains("\"uid\":53006")
        .doesNotContain("role");
    assertThat(JOB.call("GET", "/v1/whoami", ""))
        .contains("\"role\":\"job\"", "\"groups\":[%s,%s]".formatted(JOBS_GROUP, JOB.uid));
  }

  @Test
  void aJobIsItsOwnersAndTheOperators() throws Exception {
    String registered = JOB.call("POST", "/v1/jobs", "{\"name\":\"mine\",\"gpus\":[\"1\"]}");
    assertThat(registered).endsWith(" 201");
    String path = "/v1/jobs/" + registered.replaceAll("(?s).*?\"id\":\"(\\w+)\".*", "$1");

    assertThat(OTHER_JOB.call("DELETE", path, "")).contains("is 53003's; this needs operator");
    assertThat(OTHER_JOB.call("POST", path + "/steps", "{\"steps\":1}")).endsWith(" 403");
    assertThat(READER.call("GET", path, "")).endsWith(" 200");
    assertThat(JOB.call("POST", path + "/steps", "{\"steps\":1}")).endsWith(" 200");
    assertThat(OPERATOR.call("DELETE", path, "")).endsWith(" 200");
  }

  @Test
  void aRecurringJobIsItsOwnersAndTheOperators() throws Exception {
    String job =
        "{\"name\":\"bert\",\"batch_sizes\":[16,32],\"default_batch_size\":16,"
            + "\"target_metric\":0.9,\"max_epochs\":3,\"gpus\":[\"1\"]}";
    assertThat(JOB.call("POST", "/v1/batch-sizes", job)).endsWith(" 201");

    assertThat(OTHER_JOB.call("POST", "/v1/batch-sizes", job)).endsWith(" 403");
    assertThat(OTHER_JOB.call("POST", "/v1/batch-sizes/bert/trials", ""))
        .contains("recurring job 'bert' is 53003's; this needs operator");
    assertThat(OTHER_JOB.call("DELETE", "/v1/batch-sizes/bert", "")).endsWith(" 403");
    assertThat(JOB.call("POST", "/v1/batch-sizes/bert/trials", "")).endsWith(" 201");
    assertThat(OPERATOR.call("DELETE", "/v1/batch-sizes/bert", "")).endsWith(" 200");
  }

  @Test
  void theAuditLogHasWhoDidWhatAndOnlyOperatorsReadIt() throws Exception {
    OPERATOR.call("PUT", "/v1/gpus/1/override", "{\"limit_watts\":200,\"for\":\"1m\"}");
    READER.call("POST", "/v1/pause", "");
    OPERATOR.call("DELETE", "/v1/gpus/1/override", "");
    Path log = directory.resolve("state/audit.log");
    await()
        .until(() ->
            Files.exists(log) && Files.readString(log).contains("DELETE /v1/gpus/1/override"));

    assertThat(Files.readAllLines(log))
        .anyMatch(line ->
            line.contains("\"uid\":53002,")
                && line.contains("\"role\":\"operator\",\"request\":\"PUT /v1/gpus/1/override\"")
                && line.contains("\"body\":\"{\\\"limit_watts\\\":200,")
                && line.contains("\"outcome\":\"done\""))
        .anyMatch(line ->
            line.contains("\"kind\":\"limit\",\"user\":\"53002\"")
                && line.contains("\"new_watts\":200.0,\"read_back_watts\":200.0,"))
        .anyMatch(line ->
            line.contains("\"request\":\"POST /v1/pause\",\"status\":403,\"outcome\":\"refused\"")
                && line.contains("with role read; this needs operator"));
    assertThat(OPERATOR.call("GET", "/v1/audit?lines=1000", ""))
        .contains("PUT /v1/gpus/1/override");
    assertThat(JOB.call("GET", "/v1/audit", "")).endsWith(" 403");
  }

  @Test
  void aLeaseTakesAProcessOnTheGpuOrTheRights() throws Exception {
    String set = "/gpu/set_power_limit?gpu_ids=0&power_limit_mw=600000&block=true";

    assertThat(JOB.call("POST", set, ""))
        .contains("GPU 0 shows no process of 53003 (uid 53003)")
        .endsWith(" 200");
    assertThat(host.lease(0)).isEqualTo(Optional.empty());
    assertThat(OPERATOR.call("POST", set, "")).isEqualTo(" 200");
    assertThat(host.lease(0).orElseThrow().holder().user()).isEqualTo("53002");
  }
}
