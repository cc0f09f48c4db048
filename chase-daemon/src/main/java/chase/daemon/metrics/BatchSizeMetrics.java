package chase.daemon.metrics;

import static chase.daemon.metrics.Metric.counter;
import static chase.daemon.metrics.Metric.gauge;

import chase.daemon.batchsize.BatchSizeCounters;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/** The batch sizes of recurring jobs; nothing on a host that has none. */
final class BatchSizeMetrics {
  static final List<Metric> ALL =
      List.of(
          gauge(
              "chase_batch_size_database_up",
              "Whether the database of batch sizes could be used when it was last needed, 1 or 0.",
              ofDatabase(counts -> counts.up().orElse(false) ? 1 : 0)),
          counter(
              "chase_batch_size_database_failures_total",
              "Queries that the database of batch sizes did not answer.",
              ofDatabase(BatchSizeCounters::failures)),
          counter(
              "chase_batch_size_trials_started_total",
              "Runs of recurring jobs that were given a batch size.",
              scrape -> counters(scrape).map(counts -> Sample.of((double) counts.started()))),
          counter(
              "chase_batch_size_trials_ended_total",
              "Runs of recurring jobs that ended, by how.",
              BatchSizeMetrics::ended),
          counter(
              "chase_batch_size_reports_total",
              "Reports of runs of recurring jobs that were taken in.",
              scrape -> counters(scrape).map(counts -> Sample.of((double) counts.reports()))));

  private BatchSizeMetrics() {}

  private static Stream<BatchSizeCounters> counters(Scrape scrape) {
    return Stream.of(scrape.batchSizes()).filter(counts -> counts.up().isPresent());
  }

  private static Function<Scrape, Stream<Sample>> ofDatabase(
      ToDoubleFunction<BatchSizeCounters> value) {
    return scrape ->
        counters(scrape)
            .map(counts -> Sample.of(value.applyAsDouble(counts), "database", counts.storage()));
  }

  private static Stream<Sample> ended(Scrape scrape) {
    return counters(scrape)
        .flatMap(counts -> counts.ended().entrySet().stream())
        .map(end ->
            Sample.of(
                (double) end.getValue(), "status", end.getKey().name().toLowerCase(Locale.ROOT)));
  }
}
