package chase.zeus.batchsize.trace;

import chase.zeus.batchsize.TargetMetric;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A job of the traces.
 *
 * @param defaultBatchSize what its owner uses
 */
public record TracedJob(
    String dataset,
    String network,
    String optimizer,
    TargetMetric target,
    int maxEpochs,
    int defaultBatchSize) {

  private static final TargetMetric WORD_ERROR_RATE = new TargetMetric(40.0, false);

  /** The six jobs of Zeus's evaluation (run_alibaba.py of its artefact). */
  private static final List<Named> NAMED =
      List.of(
          named("deepspeech2", "librispeech", "deepspeech2", "adamw", WORD_ERROR_RATE, 16, 192),
          named("bert-qa", "squad", "bert_base_uncased", "adamw", atLeast(84.0), 6, 32),
          named("bert-sa", "sentiment140", "bert_base_uncased", "adamw", atLeast(0.84), 10, 128),
          named("resnet-50", "imagenet", "resnet50", "adadelta", atLeast(0.65), 100, 256),
          named("shufflenet-v2", "cifar100", "shufflenetv2", "adadelta", atLeast(0.6), 100, 1024),
          named("neumf", "movielens-1m", "ncf", "adam", atLeast(0.41), 100, 1024));

  private record Named(String name, TracedJob job) {}

  private static Named named(
      String name,
      String dataset,
      String network,
      String optimizer,
      TargetMetric target,
      int maxEpochs,
      int defaultBatchSize) {
    return new Named(
        name, new TracedJob(dataset, network, optimizer, target, maxEpochs, defaultBatchSize));
  }

  /** Refuses a number of epochs or a batch size below 1 with {@link IllegalArgumentException}. */
  public TracedJob {
    if (maxEpochs < 1) {
      throw new IllegalArgumentException("the maximum number of epochs must be >= 1: " + maxEpochs);
    }
    if (defaultBatchSize < 1) {
      throw new IllegalArgumentException("a batch size must be >= 1: " + defaultBatchSize);
    }
  }

  private static TargetMetric atLeast(double metric) {
    return new TargetMetric(metric, true);
  }

  /** The same job, whose owner uses another batch size. */
  public TracedJob startingFrom(int batchSize) {
    return new TracedJob(dataset, network, optimizer, target, maxEpochs, batchSize);
  }

  /** One of the six by its name; case and punctuation do not count. */
  public static Optional<TracedJob> named(String name) {
    return NAMED.stream()
        .filter(known -> letters(known.name).equals(letters(name)))
        .findFirst()
        .map(Named::job);
  }

  /** The names of the six. */
  public static List<String> names() {
    return NAMED.stream().map(Named::name).toList();
  }

  private static String letters(String name) {
    return name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
  }
}
