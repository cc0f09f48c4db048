package chase.daemon.cli.run;

import chase.daemon.host.CommandName;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The options of a command that runs another one as a job. */
public final class RunOptions {
  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "What the job is called; the program by default. Give recurring runs the same.")
  private Optional<String> name = Optional.empty();

  @Option(
      names = "--gpus",
      paramLabel = "GPU,...",
      description =
          "Its GPUs; $CUDA_VISIBLE_DEVICES by default, else those on which it is seen to compute.")
  private Optional<String> gpus = Optional.empty();

  @Option(
      names = "--bound",
      paramLabel = "BOUND",
      converter = BoundConverter.class,
      description = "At most this much slower than at full power, such as 3%%.")
  private Optional<Double> bound = Optional.empty();

  @Option(
      names = "--total-steps",
      paramLabel = "STEPS",
      description = "The count at which it is done, for a command that reports its steps.")
  private Optional<Long> totalSteps = Optional.empty();

  @Option(names = "--batch-size", paramLabel = "SIZE", description = "Samples a step.")
  private Optional<Integer> batchSize = Optional.empty();

  @Option(
      names = "--label",
      paramLabel = "KEY=TEXT",
      description = "A text by which receipts can be grouped; may be repeated.")
  private Map<String, String> labels = new LinkedHashMap<>();

  @Option(names = "--require", description = "Do not run the command unless it is registered.")
  private boolean required;

  @Option(
      names = {"-q", "--quiet"},
      description = "Print only what is wrong.")
  private boolean quiet;

  @Option(names = "--json", description = "Print the receipt as JSON.")
  private boolean json;

  @Option(
      names = "--receipt",
      paramLabel = "FILE",
      description = "Write the receipt as JSON to this file as well.")
  private Optional<Path> receipt = Optional.empty();

  /** The options, as picocli fills them. */
  public RunOptions() {}

  /** The body of the registration of {@code command}, but for the GPUs. */
  public Map<String, Object> request(RunSupervisor supervisor, List<String> command) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("name", name.orElseGet(() -> CommandName.of(command).orElse("command")));
    body.put("pid", supervisor.process());
    body.put("key", supervisor.key());
    bound.ifPresent(share -> body.put("slowdown_bound", share));
    totalSteps.ifPresent(steps -> body.put("total_steps", steps));
    batchSize.ifPresent(size -> body.put("batch_size", size));
    if (!labels.isEmpty()) {
      body.put("labels", labels);
    }
    return body;
  }

  /**
   * The GPUs that the command will use.
   *
   * @throws IllegalArgumentException when the option names none
   */
  public VisibleGpus visible(Map<String, String> environment) {
    return VisibleGpus.of(gpus, Optional.ofNullable(environment.get("CUDA_VISIBLE_DEVICES")));
  }

  /** Whether it is known at which count of steps the command is done. */
  public boolean hasTotalSteps() {
    return totalSteps.isPresent();
  }

  /** Whether the command must not run unless it is registered. */
  public boolean required() {
    return required;
  }

  /** Whether only what is wrong is printed. */
  public boolean quiet() {
    return quiet;
  }

  /** Whether the receipt is printed as JSON. */
  public boolean json() {
    return json;
  }

  /** Where the receipt is written as well. */
  public Optional<Path> receipt() {
    return receipt;
  }
}
