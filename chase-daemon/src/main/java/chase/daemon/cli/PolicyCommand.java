package chase.daemon.cli;

import chase.daemon.api.GpuBody;
import chase.daemon.api.JobBody;
import chase.daemon.api.PolicyBody;
import chase.daemon.api.PolicyBody.PolicyRequest;
import chase.daemon.cli.DaemonClient.ApiPath;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.hc.core5.http.Method;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code chase policy}: shows the policies, or sets another one for the host, a GPU or a job. */
@Command(
    name = "policy",
    description = {
      "Show the policies, or choose another.",
      "It stays over a restart; with --confirm it is rolled back in that time unless 'chase policy"
          + " confirm' comes before.",
      "A job's policy goes before its GPU's, and that before the host's.",
    })
final class PolicyCommand extends DaemonCommand {
  @Parameters(
      paramLabel = "SPEC",
      arity = "0..1",
      defaultValue = "",
      description =
          "max, fixed:WATTS, zeus:ETA, chase:ETA[:REFERENCE] or budget:BOUND, such as budget:3%%;"
              + " or confirm, for what is tried.")
  private String policy = "";

  @ArgGroup private ScopeOptions scope = new ScopeOptions();

  @Option(
      names = "--confirm",
      paramLabel = "TIME",
      description = "Roll it back after this time, such as 30s, unless it is confirmed.")
  private @Nullable String confirm;

  @Option(
      names = "--clear",
      description =
          "Remove the GPU's or job's own policy; without either the configured one counts again.")
  private boolean clear;

  /** At most one of the two; without either the host is meant. */
  static final class ScopeOptions {
    @Option(names = "--gpu", paramLabel = "GPU", description = "Only for this GPU.")
    private @Nullable String gpu;

    @Option(names = "--job", paramLabel = "JOB", description = "Only for this job.")
    private @Nullable String job;
  }

  @Override
  public Integer call() {
    if (clear && !policy.isEmpty()) {
      throw usageError("--clear takes no SPEC");
    }
    if (confirm != null && (policy.isEmpty() || confirms())) {
      throw usageError("--confirm needs the SPEC that is tried");
    }
    if (clear || !policy.isEmpty()) {
      return print(this::send, PolicyBody.class, PolicyCommand::all);
    }
    Optional<String> gpu = gpu();
    if (gpu.isPresent()) {
      return print(client -> client.get(ApiPath.gpu(gpu.get())), GpuBody.class, GpuBody::policy);
    }
    return job()
        .map(id ->
            print(
                client -> client.get("/jobs/" + ApiPath.encoded(id)),
                JobBody.class,
                JobBody::policy))
        .orElseGet(
            () -> print(client -> client.get("/policy"), PolicyBody.class, PolicyCommand::all));
  }

  private JsonNode send(DaemonClient client) {
    if (confirms()) {
      return client.send(Method.POST, "/policy/confirm" + query());
    }
    return clear
        ? client.send(Method.DELETE, "/policy" + query())
        : client.send(
            Method.PUT,
            "/policy",
            new PolicyRequest(policy, gpu(), job(), Optional.ofNullable(confirm)));
  }

  private boolean confirms() {
    return policy.equals("confirm");
  }

  private String query() {
    return gpu()
        .map(name -> "?gpu=" + ApiPath.encoded(name))
        .or(() -> job().map(name -> "?job=" + ApiPath.encoded(name)))
        .orElse("");
  }

  /** The host's policy, and a line for each of a GPU or a job. */
  private static String all(PolicyBody policies) {
    List<String> lines = new ArrayList<>();
    lines.add(policies.policy() + policies.promise().map(what -> " (" + what + ")").orElse(""));
    sorted(policies.gpus()).forEach((gpu, policy) -> lines.add("GPU " + gpu + ": " + policy));
    sorted(policies.jobs()).forEach((job, policy) -> lines.add("job " + job + ": " + policy));
    new TreeMap<>(policies.unconfirmed().orElse(Map.of()))
        .forEach((where, until) ->
            lines.add(
                "tried (%s): rolled back at %s unless 'chase policy confirm' comes before"
                    .formatted(where, until.truncatedTo(ChronoUnit.SECONDS))));
    return String.join("\n", lines);
  }

  private static Map<String, String> sorted(Optional<Map<String, String>> policies) {
    return new TreeMap<>(policies.orElse(Map.of()));
  }

  private Optional<String> gpu() {
    return Optional.ofNullable(scope.gpu);
  }

  private Optional<String> job() {
    return Optional.ofNullable(scope.job);
  }
}
