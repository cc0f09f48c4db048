package chase.daemon.metrics;

import chase.daemon.gpu.MeteredGpus;
import chase.zeus.gpu.GpuException;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Counts and times the calls to NVML. */
public final class DriverCallMetrics implements MeteredGpus.CallListener {
  /**
   * Reads take tens of microseconds, setting a limit tens of milliseconds, a sick driver longer.
   */
  private static final double[] SECONDS = {
    0.000_1, 0.000_5, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5
  };

  private final Histogram duration =
      Histogram.builder()
          .name("chase_nvml_call_duration_seconds")
          .help("Time that calls to NVML took.")
          .labelNames("function")
          .classicOnly()
          .classicUpperBounds(SECONDS)
          .withoutExemplars()
          .build();
  private final Counter errors =
      Counter.builder()
          .name("chase_nvml_errors_total")
          .help("Calls to NVML that failed; code is the reaction that the failure calls for.")
          .labelNames("function", "code")
          .withoutExemplars()
          .build();

  /** Nothing counted yet. */
  public DriverCallMetrics() {}

  @Override
  public void onReturned(String function, Duration took) {
    duration.labelValues(function).observe(took.toNanos() / 1e9);
  }

  @Override
  public void onFailed(String function, GpuException.Kind kind) {
    errors.labelValues(function, kind.name().toLowerCase(Locale.ROOT)).inc();
  }

  List<MetricSnapshot> collect() {
    return Stream.<MetricSnapshot>of(duration.collect(), errors.collect())
        .filter(metric -> !metric.getDataPoints().isEmpty())
        .toList();
  }
}
