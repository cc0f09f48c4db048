package chase.daemon.cli;

import static chase.daemon.cli.view.Table.cell;

import chase.daemon.api.GpuBody;
import chase.daemon.api.GpuBody.OverrideRequest;
import chase.daemon.api.JobBody;
import chase.daemon.api.PolicyBody;
import chase.daemon.api.PolicyBody.PolicyRequest;
import chase.daemon.api.ReportBody.Receipt;
import chase.daemon.api.StatusBody.ReloadBody;
import chase.daemon.cli.DaemonClient.ApiPath;
import chase.daemon.cli.view.ReceiptText;
import chase.daemon.cli.view.StatusText;
import chase.daemon.cli.view.TextLayout;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.hc.core5.http.Method;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The commands that change what the daemon does. Each returns once that is done. */
final class ControlCommands {
  private ControlCommands() {}

  static void addTo(ChaseCommand.Subcommands commands) {
    commands.add("policy", PolicyCommand::new);
    commands.add("override", SetOverride::new);
    commands.add("release", ReleaseOverride::new);
    PauseCommands.addTo(commands);
    commands.add("reload", ReloadConfig::new);
  }

  @Command(name = "override", description = "Hold a GPU at a limit for a while.")
  private static final class SetOverride extends DaemonCommand {
    @Parameters(index = "0", paramLabel = "GPU", description = ApiPath.DESCRIPTION)
    private String gpu = "";

    @Parameters(index = "1", paramLabel = "WATTS", description = "The limit in watts.")
    private double watts;

    @Option(
        names = "--for",
        paramLabel = "TIME",
        required = true,
        description = "How long, such as 90s, 30m, 1h30m or 2d; at most 30d.")
    private String lasting = "";

    @Override
    public Integer call() {
      return print(
          client ->
              client.send(
                  Method.PUT, ApiPath.gpu(gpu) + "/override", new OverrideRequest(watts, lasting)),
          GpuBody.class,
          (body, layout) ->
              String.format(
                  Locale.ROOT,
                  "GPU %d is held at %s W%s",
                  body.device().index(),
                  cell(body.powerLimit().targetWatts()),
                  body.decision()
                      .until()
                      .map(until -> " " + layout.times().until(until))
                      .orElse("")));
    }
  }

  @Command(name = "release", description = "End an override: the policy decides again.")
  private static final class ReleaseOverride extends DaemonCommand {
    @Parameters(paramLabel = "GPU", description = ApiPath.DESCRIPTION)
    private String gpu = "";

    @Override
    public Integer call() {
      return print(
          client -> client.send(Method.DELETE, ApiPath.gpu(gpu) + "/override"),
          ReleaseOverride::text);
    }

    /** An older daemon does not say whether an override held. */
    private static String text(DaemonClient client, JsonNode answer, TextLayout layout) {
      GpuBody body = client.body(answer, GpuBody.class);
      return String.format(
          Locale.ROOT,
          answer.path("override_held").asBoolean(true)
              ? "GPU %d is released; its limit is %s W"
              : "no override held GPU %d; its limit is %s W",
          body.device().index(),
          cell(body.powerLimit().requestedWatts()));
    }
  }

  @Command(
      name = "reload",
      description = {
        "Have the daemon read its configuration again, and show what changed.",
        "What is wrong anywhere in it is refused whole: the exit code is 1, and nothing changed."
      })
  private static final class ReloadConfig extends DaemonCommand {
    @Override
    public Integer call() {
      return print(
          client -> client.send(Method.POST, "/reload"), ReloadBody.class, StatusText::reloaded);
    }
  }

  /** {@code chase jobs end}: ends a registered job; its processes run on. */
  @Command(
      name = "end",
      description = "End a registered job and print its receipt. Its processes run on.")
  static final class EndJob extends DaemonCommand {
    @Parameters(
        paramLabel = "JOB",
        description = "Its id, or its name where no other job has that.")
    private String job = "";

    @Override
    public Integer call() {
      return print(
          client -> client.send(Method.DELETE, "/jobs/" + ApiPath.encoded(job)), EndJob::text);
    }

    /** The receipt; the ledger may not be able to give one. */
    private static String text(DaemonClient client, JsonNode answer, TextLayout layout) {
      JobBody.Identity ended = client.body(answer, JobBody.class).identity();
      JsonNode known = answer.path("receipt");
      if (known.isMissingNode()) {
        return "job %s (%s) is ended; the ledger has no receipt of it"
            .formatted(ended.id(), ended.name());
      }
      Receipt receipt = client.body(known, Receipt.class);
      return "job %s (%s) is ended; its receipt:\n\n%s"
          .formatted(
              ended.id(), ended.name(), ReceiptText.of(receipt.line(), receipt.method(), layout));
    }
  }

  /** {@code chase policy}: shows the policies, or sets another one for the host, a GPU or a job. */
  @Command(
      name = "policy",
      description = {
        "Show the policies, or choose another.",
        "It stays over a restart; with --confirm it is rolled back in that time unless 'chase"
            + " policy confirm' comes before.",
        "A job's policy goes before its GPU's, and that before the host's.",
      })
  static final class PolicyCommand extends DaemonCommand {
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
}
