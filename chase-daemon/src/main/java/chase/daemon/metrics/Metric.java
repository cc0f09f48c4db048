package chase.daemon.metrics;

import chase.zeus.engine.GpuView;
import chase.zeus.unit.Watts;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * One metric of the page.
 *
 * @param name the full name, as in a query
 * @param samples its series in a scrape; none for what is not known
 */
record Metric(MetricType kind, String name, String help, Function<Scrape, Stream<Sample>> samples) {
  /** What Prometheus calls the metric's type. */
  enum MetricType {
    GAUGE,
    COUNTER,
    /** Facts in labels; the value is always 1. */
    INFO
  }

  static Metric gauge(String name, String help, Function<Scrape, Stream<Sample>> samples) {
    return new Metric(MetricType.GAUGE, name, help, samples);
  }

  static Metric counter(String name, String help, Function<Scrape, Stream<Sample>> samples) {
    return new Metric(MetricType.COUNTER, name, help, samples);
  }

  static Metric info(String name, String help, Function<Scrape, Stream<Sample>> samples) {
    return new Metric(MetricType.INFO, name, help, samples);
  }

  /** A gauge with one series for each GPU that knows the value. */
  static Metric gpuGauge(String name, String help, Function<GpuView, Optional<Double>> value) {
    return gauge(name, help, scrape -> scrape.gpus().flatMap(gpu -> sample(gpu, value)));
  }

  /** A gauge in watts with one series for each GPU that knows the value. */
  static Metric gpuWatts(String name, String help, Function<GpuView, Optional<Watts>> value) {
    return gpuGauge(name, help, value.andThen(watts -> watts.map(Watts::value)));
  }

  /** A counter with one series for each GPU that knows the value. */
  static Metric gpuCounter(String name, String help, Function<GpuView, Optional<Double>> value) {
    return counter(name, help, scrape -> scrape.gpus().flatMap(gpu -> sample(gpu, value)));
  }

  private static Stream<Sample> sample(GpuView gpu, Function<GpuView, Optional<Double>> value) {
    return value.apply(gpu).map(number -> Sample.of(gpu, number)).stream();
  }

  /** The metric in {@code scrape}, empty when it has no series there. */
  Optional<MetricSnapshot> in(Scrape scrape) {
    List<Sample> found = samples.apply(scrape).toList();
    return found.isEmpty() ? Optional.empty() : Optional.of(snapshot(found));
  }

  private MetricSnapshot snapshot(List<Sample> found) {
    return switch (kind) {
      case GAUGE -> gauge(found);
      case COUNTER -> counter(found);
      case INFO -> info(found);
    };
  }

  private GaugeSnapshot gauge(List<Sample> found) {
    var builder = GaugeSnapshot.builder().name(name).help(help);
    found.forEach(sample ->
        builder.dataPoint(
            GaugeSnapshot.GaugeDataPointSnapshot.builder()
                .value(sample.value())
                .labels(sample.labels())
                .build()));
    return builder.build();
  }

  private CounterSnapshot counter(List<Sample> found) {
    var builder = CounterSnapshot.builder().name(without("_total")).help(help);
    found.forEach(sample ->
        builder.dataPoint(
            CounterSnapshot.CounterDataPointSnapshot.builder()
                .value(sample.value())
                .labels(sample.labels())
                .build()));
    return builder.build();
  }

  private InfoSnapshot info(List<Sample> found) {
    var builder = InfoSnapshot.builder().name(without("_info")).help(help);
    found.forEach(
        sample -> builder.dataPoint(new InfoSnapshot.InfoDataPointSnapshot(sample.labels())));
    return builder.build();
  }

  /** The library adds these endings itself. */
  private String without(String ending) {
    return name.substring(0, name.length() - ending.length());
  }
}
