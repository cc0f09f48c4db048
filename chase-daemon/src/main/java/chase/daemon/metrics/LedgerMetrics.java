package chase.daemon.metrics;

import static chase.daemon.metrics.Metric.counter;
import static chase.daemon.metrics.Metric.gauge;

import chase.daemon.ledger.Ledger.LedgerStatus;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/** How the ledger stands; nothing where there is none. */
final class LedgerMetrics {
  static final List<Metric> ALL =
      List.of(
          counter(
              "chase_ledger_rows_written_total",
              "Rows of the ledger that were written.",
              each(LedgerStatus::written)),
          gauge(
              "chase_ledger_rows_waiting",
              "Rows of the ledger that are to be written.",
              each(LedgerStatus::waiting)),
          counter(
              "chase_ledger_rows_dropped_total",
              "Rows of the ledger that were lost, because too many waited.",
              each(LedgerStatus::dropped)),
          counter(
              "chase_ledger_write_failures_total",
              "Times that the ledger could not be written, by reason.",
              LedgerMetrics::failures),
          gauge(
              "chase_ledger_last_commit_timestamp_seconds",
              "When the ledger was last written.",
              scrape ->
                  standing(scrape)
                      .flatMap(now -> now.committedAt().stream())
                      .map(at -> Sample.of(Sample.seconds(at)))),
          gauge(
              "chase_ledger_size_bytes",
              "Size of the ledger on disk.",
              scrape ->
                  standing(scrape)
                      .filter(now -> now.bytes() > 0)
                      .map(now -> Sample.of((double) now.bytes()))));

  private LedgerMetrics() {}

  private static Stream<LedgerStatus> standing(Scrape scrape) {
    return scrape.ledger().stream();
  }

  private static Function<Scrape, Stream<Sample>> each(ToDoubleFunction<LedgerStatus> value) {
    return scrape -> standing(scrape).map(now -> Sample.of(value.applyAsDouble(now)));
  }

  private static Stream<Sample> failures(Scrape scrape) {
    return standing(scrape)
        .flatMap(now -> now.failures().entrySet().stream())
        .map(failed -> Sample.of((double) failed.getValue(), "reason", failed.getKey().word()));
  }
}
