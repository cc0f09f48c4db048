package chase.daemon.metrics;

import chase.daemon.gpu.DriverState;
import chase.zeus.engine.HostPower;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** Turns a scrape into metrics; a pure function. */
final class SnapshotMetrics {
  private static final List<Metric> HOST =
      List.of(
          Metric.info(
              "chase_build_info",
              "Chase's version.",
              scrape -> Stream.of(Sample.of(1, "version", scrape.version()))),
          Metric.gauge(
              "chase_gpu_driver_state",
              "Whether the GPU driver is in this state, 1 or 0: open, missing or released.",
              SnapshotMetrics::driver),
          Metric.gauge(
              "chase_host_power_per_gpu_watts",
              "The host's draw for each GPU, as decisions count it; basis is how it is known.",
              scrape -> Stream.of(host(scrape.snapshot().hostPower()))),
          Metric.counter(
              "chase_host_rejected_readings_total",
              "Readings of the CPUs' energy (RAPL) that were rejected.",
              scrape -> Stream.of(Sample.of((double) scrape.rejectedCpuReadings()))),
          Metric.counter(
              "chase_restart_save_failures_total",
              "Times that what a restart must not forget could not be saved.",
              scrape -> Stream.of(Sample.of((double) scrape.restartFailures()))));

  private SnapshotMetrics() {}

  private static Stream<Sample> driver(Scrape scrape) {
    return DriverState.WORDS.stream()
        .map(word -> Sample.of(scrape.driver().word().equals(word) ? 1 : 0, "state", word));
  }

  private static Sample host(HostPower power) {
    return Sample.of(
        power.perGpu().value(), "basis", power.source().name().toLowerCase(Locale.ROOT));
  }

  /** Every metric that has a series in {@code scrape}. */
  static List<MetricSnapshot> of(Scrape scrape) {
    return Stream.of(
            HOST,
            ConfigMetrics.ALL,
            GpuMetrics.ALL,
            LimitMetrics.ALL,
            JobMetrics.ALL,
            JobUsageMetrics.ALL,
            ProfileMetrics.ALL,
            EnergyMetrics.ALL,
            LedgerMetrics.ALL,
            BatchSizeMetrics.ALL,
            GridMetrics.ALL,
            SignalMetrics.ALL)
        .flatMap(List::stream)
        .map(metric -> metric.in(scrape))
        .flatMap(Optional::stream)
        .toList();
  }
}
