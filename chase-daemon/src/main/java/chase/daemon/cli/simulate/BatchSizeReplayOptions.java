package chase.daemon.cli.simulate;

import chase.daemon.text.Suggestions;
import chase.zeus.batchsize.TargetMetric;
import chase.zeus.batchsize.trace.JobTrace;
import chase.zeus.batchsize.trace.TracedJob;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The options of {@code chase simulate batch-size} for the job that recurs. */
final class BatchSizeReplayOptions {
  @Option(
      names = "--train",
      required = true,
      paramLabel = "FILE",
      description =
          "Epochs to a target: CSV with dataset,network,batch_size,optimizer,target_metric,"
              + "target_epoch.")
  private Path train = Path.of("");

  @Option(
      names = "--power",
      required = true,
      paramLabel = "FILE",
      description =
          "Epochs under each power limit: CSV with dataset,network,batch_size,optimizer,"
              + "power_limit,time_per_epoch,average_power.")
  private Path power = Path.of("");

  @Option(
      names = "--workload",
      paramLabel = "NAME",
      description =
          "One of Zeus's six: deepspeech2, bert-qa, bert-sa, resnet-50, shufflenet-v2, neumf.")
  private Optional<String> workload = Optional.empty();

  @Option(
      names = "--dataset",
      paramLabel = "D",
      description = "The job's dataset, where no workload is named.")
  private Optional<String> dataset = Optional.empty();

  @Option(names = "--network", paramLabel = "N", description = "Its network.")
  private Optional<String> network = Optional.empty();

  @Option(names = "--optimizer", paramLabel = "O", description = "Its optimizer.")
  private Optional<String> optimizer = Optional.empty();

  @Option(names = "--target", paramLabel = "M", description = "The metric to reach.")
  private Optional<Double> target = Optional.empty();

  @Option(
      names = "--higher-is-better",
      description = "The metric rises as the model learns; without it, it falls.")
  private boolean higherIsBetter;

  @Option(names = "--max-epochs", paramLabel = "K", description = "The most epochs of a run.")
  private Optional<Integer> maxEpochs = Optional.empty();

  @Option(
      names = "--default",
      paramLabel = "B",
      description = "The batch size that the job's owner uses.")
  private Optional<Integer> defaultBatchSize = Optional.empty();

  /**
   * What is on record of the job.
   *
   * @throws IllegalArgumentException that names the option, the file or the line that is wrong
   */
  JobTrace read() {
    TracedJob job = workload.map(this::named).orElseGet(this::described);
    JobTrace trace =
        JobTrace.read(
            job, name(train), CommandInput.text(train), name(power), CommandInput.text(power));
    return workload.isPresent() && defaultBatchSize.isEmpty() ? withinTrace(trace) : trace;
  }

  /** Zeus's own rule: a GPU too small for a workload's default starts from its largest. */
  private static JobTrace withinTrace(JobTrace trace) {
    TracedJob job = trace.job();
    int largest = trace.sizes().lastKey();
    return new JobTrace(
        job.startingFrom(Math.min(job.defaultBatchSize(), largest)),
        trace.maxPower(),
        trace.sizes());
  }

  private TracedJob named(String name) {
    if (dataset.isPresent() || network.isPresent() || optimizer.isPresent()) {
      throw new IllegalArgumentException(
          "--workload stands for --dataset, --network and --optimizer: give one or the others");
    }
    TracedJob known = TracedJob.named(name).orElseThrow(() -> unknown(name));
    return new TracedJob(
        known.dataset(),
        known.network(),
        known.optimizer(),
        target
            .map(metric -> new TargetMetric(metric, known.target().higherIsBetter()))
            .orElse(known.target()),
        maxEpochs.orElse(known.maxEpochs()),
        defaultBatchSize.orElse(known.defaultBatchSize()));
  }

  private static IllegalArgumentException unknown(String name) {
    String meant =
        Suggestions.nearest(name, TracedJob.names())
            .map(word -> "; did you mean '" + word + "'?")
            .orElse("");
    return new IllegalArgumentException(
        "--workload: '%s' is not one of %s%s"
            .formatted(name, String.join(", ", TracedJob.names()), meant));
  }

  private TracedJob described() {
    return new TracedJob(
        require("--dataset", dataset),
        require("--network", network),
        require("--optimizer", optimizer),
        new TargetMetric(require("--target", target), higherIsBetter),
        require("--max-epochs", maxEpochs),
        require("--default", defaultBatchSize));
  }

  private static <T> T require(String name, Optional<T> value) {
    return value.orElseThrow(
        () -> new IllegalArgumentException("without --workload, " + name + " is needed"));
  }

  /** The names of both files. */
  String files() {
    return name(train) + " and " + name(power);
  }

  /** The last part of a path; the root has none. */
  private static String name(Path file) {
    return String.valueOf(Optional.ofNullable(file.getFileName()).orElse(file));
  }
}
