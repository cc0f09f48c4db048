package chase.daemon.cli;

import chase.daemon.api.GpuBody;
import chase.daemon.api.JobBody;
import chase.daemon.api.PolicyBody;
import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.http.HttpMethod;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Shows the policies, or chooses another for the host, a GPU or a job. */
@Command(
    name = "policy",
    description = {
      "Show the policies, or choose another until a restart.",
      "A job's policy goes before its GPU's, and that before the host's.",
    })
final class PolicyCommand implements Callable<Integer> {
  private final Desk desk;

  @Parameters(
      paramLabel = "SPEC",
      arity = "0..1",
      defaultValue = "",
      description =
          "max, fixed:WATTS, zeus:ETA, chase:ETA[:REFERENCE] or budget:BOUND, such as budget:3%%.")
  private String spec = "";

  @ArgGroup private ScopeOptions target = new ScopeOptions();

  @Option(names = "--clear", description = "Take the GPU's or job's own policy away.")
  private boolean clear;

  @Option(names = "--json", description = "Print the daemon's answer as JSON.")
  private boolean json;

  @Spec private @Nullable CommandSpec command;

  /** At most one of the two. */
  static final class ScopeOptions {
    @Option(names = "--gpu", paramLabel = "GPU", description = "Only for this GPU.")
    private @Nullable String gpu;

    @Option(names = "--job", paramLabel = "JOB", description = "Only for this job.")
    private @Nullable String job;
  }

  PolicyCommand(Desk desk) {
    this.desk = desk;
  }

  @Override
  public Integer call() {
    if (clear && !spec.isEmpty()) {
      throw wrong("--clear takes no SPEC");
    }
    if (clear && gpu().isEmpty() && job().isEmpty()) {
      throw wrong("--clear needs --gpu or --job: the host always has a policy");
    }
    boolean sends = clear || !spec.isEmpty();
    return sends
        ? desk.print(json, this::send, (client, tree) -> all(client.body(tree, PolicyBody.class)))
        : desk.print(json, this::request, this::shown);
  }

  private JsonNode send(DaemonClient client) {
    return clear
        ? client.send(HttpMethod.DELETE, "/policy?" + query())
        : client.send(HttpMethod.PUT, "/policy", new PolicyBody.PolicyRequest(spec, gpu(), job()));
  }

  private String query() {
    return gpu()
        .map(name -> "gpu=" + DaemonClient.ApiPath.encoded(name))
        .orElseGet(() -> "job=" + DaemonClient.ApiPath.encoded(job().orElseThrow()));
  }

  private JsonNode request(DaemonClient client) {
    return gpu()
        .map(name -> client.get(DaemonClient.ApiPath.gpu(name)))
        .or(() -> job().map(id -> client.get("/jobs/" + DaemonClient.ApiPath.encoded(id))))
        .orElseGet(() -> client.get("/policy"));
  }

  private String shown(DaemonClient client, JsonNode tree) {
    return gpu()
        .map(name -> client.body(tree, GpuBody.class).policy())
        .or(() -> job().map(id -> client.body(tree, JobBody.class).policy()))
        .orElseGet(() -> all(client.body(tree, PolicyBody.class)));
  }

  /** The host's policy, and a line for each narrower one. */
  private static String all(PolicyBody policies) {
    List<String> lines = new ArrayList<>();
    lines.add(policies.policy() + policies.promise().map(what -> " (" + what + ")").orElse(""));
    sorted(policies.gpus()).forEach((gpu, spec) -> lines.add("GPU " + gpu + ": " + spec));
    sorted(policies.jobs()).forEach((job, spec) -> lines.add("job " + job + ": " + spec));
    return String.join("\n", lines);
  }

  private static Map<String, String> sorted(Optional<Map<String, String>> policies) {
    return new TreeMap<>(policies.orElse(Map.of()));
  }

  private Optional<String> gpu() {
    return Optional.ofNullable(target.gpu);
  }

  private Optional<String> job() {
    return Optional.ofNullable(target.job);
  }

  private ParameterException wrong(String message) {
    CommandSpec mine = Objects.requireNonNull(command);
    return new ParameterException(mine.commandLine(), message);
  }
}
