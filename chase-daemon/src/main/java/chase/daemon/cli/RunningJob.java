package chase.daemon.cli;

import chase.daemon.api.ApiJson;
import chase.daemon.api.GpuBody;
import chase.daemon.api.JobBody;
import chase.daemon.api.ReportBody.Receipt;
import chase.daemon.api.SignalBody;
import chase.daemon.cli.ChaseCommand.CommandException;
import chase.daemon.cli.ChaseCommand.ExitCode;
import chase.daemon.cli.DaemonClient.ApiPath;
import chase.daemon.cli.run.RunOptions;
import chase.daemon.cli.run.RunSupervisor;
import chase.daemon.cli.run.RunSupervisor.RunKey;
import chase.daemon.cli.run.VisibleGpus;
import chase.daemon.cli.signal.WaitRecord;
import chase.daemon.cli.signal.WaitRecord.WaitReceipt;
import chase.daemon.cli.view.ColumnChoice;
import chase.daemon.cli.view.ReceiptText;
import chase.daemon.cli.view.Terminal;
import chase.daemon.cli.view.TextLayout;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.hc.core5.http.Method;
import picocli.CommandLine.Model.CommandSpec;

/**
 * The job of a command that {@code chase run} runs, at the daemon.
 *
 * @param terminal where the receipt is read
 * @param err where everything is printed: the command has the standard output
 * @param quiet whether only what is wrong is printed
 * @param json whether the receipt is printed as JSON, and nothing else but what is wrong
 */
record RunningJob(
    DaemonClient client,
    RunSupervisor supervisor,
    Terminal terminal,
    PrintWriter err,
    boolean quiet,
    boolean json) {
  /** What the daemon says of a registration that a change of the options would mend. */
  private static final Set<String> MISTAKES =
      Set.of("bad_value", "out_of_range", "unknown_gpu", "ambiguous_gpu", "wrong_type");

  private static final String NO_GPUS = "no_gpus";

  /**
   * How a registration went.
   *
   * @param job the job's id
   * @param exitCode what it would mean for a command that must be registered
   * @param later whether it may succeed after a while
   * @param message one line
   */
  record RunRegistration(Optional<String> job, int exitCode, boolean later, String message) {}

  /**
   * Registers the command's process; never fails.
   *
   * @param request the body but for the GPUs
   * @param running whether the command has begun
   */
  private RunRegistration register(
      Map<String, Object> request, VisibleGpus visible, boolean running) {
    boolean chosen = visible instanceof VisibleGpus.NamedGpus named && named.chosen();
    try {
      return switch (visible) {
        case VisibleGpus.HiddenGpus hidden ->
            new RunRegistration(Optional.empty(), ExitCode.FAILED, false, hidden.why());
        case VisibleGpus.NamedGpus named -> registered(post(request, named.names()));
        case VisibleGpus.UnknownGpus u -> registerUnknown(request);
      };
    } catch (CommandException refused) {
      String error = refused.error().orElse("");
      boolean mistake = !running && MISTAKES.contains(error) && (chosen || !error.endsWith("_gpu"));
      return new RunRegistration(
          Optional.empty(),
          mistake ? ExitCode.WRONG_USAGE : error.isEmpty() ? refused.exitCode() : ExitCode.FAILED,
          error.equals("conflict"),
          String.valueOf(refused.getMessage()));
    }
  }

  /** On a host with one GPU there is no question; elsewhere it must be seen to compute. */
  private RunRegistration registerUnknown(Map<String, Object> request) {
    List<GpuBody> all = gpus();
    if (all.size() == 1) {
      return registered(post(request, List.of(all.getFirst().device().uuid())));
    }
    try {
      return registered(client.send(Method.POST, "/jobs", request));
    } catch (CommandException refused) {
      if (refused.error().filter(NO_GPUS::equals).isEmpty()) {
        throw refused;
      }
      return new RunRegistration(
          Optional.empty(),
          ExitCode.FAILED,
          true,
          "the command computes on no GPU yet (--gpus names those that it will)");
    }
  }

  private JsonNode post(Map<String, Object> request, List<String> gpus) {
    Map<String, Object> body = new LinkedHashMap<>(request);
    body.put("gpus", gpus);
    return client.send(Method.POST, "/jobs", body);
  }

  private RunRegistration registered(JsonNode answer) {
    JobBody.Identity job = client.body(answer, JobBody.class).identity();
    List<String> indexes =
        gpus().stream()
            .filter(gpu -> job.gpus().contains(gpu.device().uuid()))
            .map(gpu -> Integer.toString(gpu.device().index()))
            .toList();
    return new RunRegistration(
        Optional.of(job.id()),
        ExitCode.DONE,
        false,
        "job %s (%s) on GPU %s".formatted(job.id(), job.name(), String.join(", ", indexes)));
  }

  private List<GpuBody> gpus() {
    return List.of(client.body(client.get("/gpus"), GpuBody[].class));
  }

  /** The job of the command that {@code spec} runs. */
  static RunningJob of(
      CommandSpec spec, DaemonClient client, RunSupervisor supervisor, RunOptions options) {
    return new RunningJob(
        client,
        supervisor,
        ChaseCommand.terminal(spec),
        spec.commandLine().getErr(),
        options.quiet(),
        options.json());
  }

  /** Prints how a registration went. */
  private void report(RunRegistration done) {
    if (done.job().isEmpty()) {
      err.println(
          "chase: "
              + done.message()
              + (done.later()
                  ? "; the command runs, and is registered as soon as that changes"
                  : "; the command runs all the same, as no job"));
    } else if (!quiet && !json) {
      err.println("chase: " + done.message());
    }
    err.flush();
  }

  /** Says where the command begins, unless it must not run; then registers it. */
  int start(
      Map<String, Object> request, VisibleGpus visible, boolean required, Path socket, int words)
      throws IOException {
    Map<RunKey, String> known = supervisor.read();
    known.put(RunKey.SOCKET, socket.toAbsolutePath().normalize().toString());
    RunRegistration done = register(request, visible, false);
    if (done.exitCode() != ExitCode.DONE && (required || done.exitCode() == ExitCode.WRONG_USAGE)) {
      known.put(RunKey.REFUSED, "yes");
      supervisor.write(known);
      throw new CommandException(done.exitCode(), done.message());
    }
    known.put(RunKey.WORDS, Integer.toString(words));
    done.job().ifPresent(id -> known.put(RunKey.JOB, id));
    if (done.later()) {
      known.put(RunKey.LATER, "yes");
    }
    supervisor.write(known);
    report(done);
    return ExitCode.DONE;
  }

  /** Registers what could not be registered yet, or with a new daemon. */
  int again(Map<String, Object> request, VisibleGpus visible) throws IOException {
    Map<RunKey, String> known = supervisor.read();
    RunRegistration done = register(request, visible, true);
    known.remove(RunKey.LATER);
    if (done.later()) {
      known.put(RunKey.LATER, "yes");
    }
    boolean isNew = done.job().filter(id -> !id.equals(known.get(RunKey.JOB))).isPresent();
    done.job().ifPresent(id -> known.put(RunKey.JOB, id));
    supervisor.write(known);
    if (isNew) {
      report(done);
    }
    return ExitCode.DONE;
  }

  /** Reads the signal of the time in which a command waited and ran. */
  interface WaitHistory {
    /** What was recorded of it. */
    List<SignalBody.HistoryBody.ValueBody> of(WaitRecord wait);
  }

  /**
   * Ends the job, and prints its receipt and that of a wait before it. A command that has none is
   * none the worse for it.
   */
  int end(Optional<Path> file, Optional<WaitHistory> history) throws IOException {
    Map<RunKey, String> known = supervisor.read();
    Optional<JsonNode> receipt = Optional.ofNullable(known.get(RunKey.JOB)).flatMap(this::receipt);
    Optional<WaitReceipt> waited =
        Optional.ofNullable(known.get(RunKey.WAITED))
            .map(WaitRecord::parse)
            .flatMap(wait -> history.map(past -> waited(wait, past, receipt)));
    if (receipt.isPresent() || waited.isPresent()) {
      ObjectNode all =
          receipt.map(JsonNode::<ObjectNode>deepCopy).orElseGet(ApiJson.mapper()::createObjectNode);
      waited.ifPresent(wait -> all.set("wait", ApiJson.mapper().valueToTree(wait.fields())));
      print(receipt, waited, all);
      write(file, all);
    }
    return ExitCode.DONE;
  }

  private Optional<JsonNode> receipt(String job) {
    try {
      JsonNode receipt = ended("/jobs/" + ApiPath.encoded(job)).path("receipt");
      if (receipt.isObject()) {
        return Optional.of(receipt);
      }
      err.println("chase: the ledger has no receipt of job " + job);
    } catch (CommandException failure) {
      err.println("chase: no receipt of job %s: %s".formatted(job, failure.getMessage()));
    }
    return Optional.empty();
  }

  private WaitReceipt waited(WaitRecord wait, WaitHistory history, Optional<JsonNode> receipt) {
    List<SignalBody.HistoryBody.ValueBody> past = List.of();
    Optional<String> missing = Optional.empty();
    try {
      past = history.of(wait);
    } catch (CommandException failure) {
      missing = Optional.of(String.valueOf(failure.getMessage()));
    }
    return wait.receipt(
        terminal.clock().instant(),
        past,
        missing,
        receipt.flatMap(known -> client.body(known, Receipt.class).line().used().joules()));
  }

  /** The daemon may have noticed the end of the process before. */
  private JsonNode ended(String path) {
    try {
      return client.send(Method.DELETE, path);
    } catch (CommandException refused) {
      if (refused.error().filter("job_ended"::equals).isEmpty()) {
        throw refused;
      }
      return client.get(path);
    }
  }

  private void print(Optional<JsonNode> receipt, Optional<WaitReceipt> waited, ObjectNode all) {
    if (json) {
      err.println(client.pretty(all));
    } else if (!quiet) {
      TextLayout layout = TextLayout.of(terminal, ColumnChoice.usual(), true);
      err.println();
      receipt
          .map(body -> client.body(body, Receipt.class))
          .ifPresent(known -> err.println(ReceiptText.of(known.line(), known.method(), layout)));
      waited
          .map(WaitReceipt::sentences)
          .orElse(List.of())
          .forEach(sentence -> err.println(layout.sentences(sentence)));
    }
  }

  private void write(Optional<Path> file, JsonNode receipt) {
    if (file.isPresent()) {
      try {
        Files.writeString(file.get(), client.pretty(receipt) + "\n");
      } catch (IOException e) {
        err.println("chase: the receipt is not written: " + e.getMessage());
      }
    }
  }
}
