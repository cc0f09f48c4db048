package chase.daemon.metrics;

import chase.zeus.engine.GpuView;
import io.prometheus.metrics.model.snapshots.Labels;
import java.time.Instant;

/** One series' value in a scrape. */
record Sample(Labels labels, double value) {
  /** A value with label names and values in turn. */
  static Sample of(double value, String... labels) {
    return new Sample(Labels.of(labels), value);
  }

  /** A value of one GPU, joined to the others by its UUID. */
  static Sample of(GpuView gpu, double value) {
    return of(value, "uuid", gpu.traits().id().uuid());
  }

  /** An instant in seconds since 1970, as Prometheus wants it. */
  static double seconds(Instant instant) {
    return instant.toEpochMilli() / 1000.0;
  }
}
