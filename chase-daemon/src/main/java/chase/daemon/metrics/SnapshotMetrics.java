package chase.daemon.metrics;

import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Turns a scrape into metrics; a pure function. */
final class SnapshotMetrics {
  private static final List<Metric> BUILD =
      List.of(
          Metric.info(
              "chase_build_info",
              "Chase's version.",
              scrape -> Stream.of(Sample.of(1, "version", scrape.version()))));

  private SnapshotMetrics() {}

  /** Every metric that has a series in {@code scrape}. */
  static List<MetricSnapshot> of(Scrape scrape) {
    return Stream.of(
            BUILD,
            GpuMetrics.ALL,
            LimitMetrics.ALL,
            JobMetrics.ALL,
            EnergyMetrics.ALL,
            GridMetrics.ALL)
        .flatMap(List::stream)
        .map(metric -> metric.in(scrape))
        .flatMap(Optional::stream)
        .toList();
  }
}
