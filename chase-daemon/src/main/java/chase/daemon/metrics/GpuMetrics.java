package chase.daemon.metrics;

import static chase.daemon.metrics.Metric.gauge;
import static chase.daemon.metrics.Metric.gpuCounter;
import static chase.daemon.metrics.Metric.gpuGauge;
import static chase.daemon.metrics.Metric.gpuWatts;
import static chase.daemon.metrics.Metric.info;

import chase.zeus.engine.GpuView;
import chase.zeus.gpu.GpuReading;
import chase.zeus.gpu.GpuTraits;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/** What the GPUs are and read. */
final class GpuMetrics {
  private static final double HERTZ_PER_MEGAHERTZ = 1e6;

  static final List<Metric> ALL =
      List.of(
          info(
              "chase_gpu_info",
              "What the GPU is; gpu is the driver's index.",
              scrape -> scrape.gpus().map(GpuMetrics::identity)),
          gpuGauge(
              "chase_gpu_up",
              "Whether the GPU answers, 1 or 0; at 0 it has no figures.",
              gpu -> Optional.of(gpu.contact().answers() ? 1.0 : 0.0)),
          gpuWatts(
              "chase_gpu_power_watts",
              "Power draw, averaged as the GPU averages it.",
              gpu -> gpu.reading().flatMap(GpuReading::power)),
          gpuGauge(
              "chase_gpu_utilization_ratio",
              "Share of time with a kernel running, 0 to 1.",
              gpu -> gpu.reading().flatMap(GpuReading::utilization)),
          gauge(
              "chase_gpu_activity_cycles_per_second",
              "SM cycles of work a second, by the GPU's counters (gpm) or by SM clock times "
                  + "utilization (clock).",
              scrape -> scrape.gpus().flatMap(GpuMetrics::activity)),
          gpuGauge(
              "chase_gpu_sm_clock_hertz",
              "SM clock.",
              whole(GpuReading::smClockMegahertz, HERTZ_PER_MEGAHERTZ)),
          gpuGauge(
              "chase_gpu_memory_clock_hertz",
              "Memory clock.",
              whole(GpuReading::memoryClockMegahertz, HERTZ_PER_MEGAHERTZ)),
          gpuGauge(
              "chase_gpu_temperature_celsius",
              "GPU temperature.",
              whole(GpuReading::temperatureCelsius, 1)),
          gauge(
              "chase_gpu_clock_event",
              "Whether this reason holds the clocks down now, 1 or 0.",
              scrape -> scrape.gpus().flatMap(GpuMetrics::clockEvents)),
          gpuCounter(
              "chase_gpu_power_capped_seconds_total",
              "Time that the power limit slowed the GPU, since the driver was loaded.",
              gpu ->
                  gpu.reading()
                      .flatMap(GpuReading::powerCapped)
                      .map(capped -> capped.toNanos() / 1e9)),
          gpuGauge(
              "chase_collect_last_success_timestamp_seconds",
              "When the GPU was last read.",
              gpu -> gpu.readAt().map(Sample::seconds)));

  private GpuMetrics() {}

  private static Sample identity(GpuView gpu) {
    GpuTraits traits = gpu.traits();
    return Sample.of(
        1,
        "uuid",
        traits.id().uuid(),
        "gpu",
        Integer.toString(traits.index()),
        "name",
        traits.model(),
        "pci_bus_id",
        traits.pciBusId().orElse(""),
        "driver_version",
        traits.driverVersion(),
        "simulated",
        Boolean.toString(traits.simulated()));
  }

  private static Stream<Sample> activity(GpuView gpu) {
    return gpu.reading().flatMap(GpuReading::activity).stream()
        .map(activity ->
            Sample.of(
                activity.cyclesPerSecond(),
                "uuid",
                gpu.traits().id().uuid(),
                "source",
                activity.source().label()));
  }

  private static Function<GpuView, Optional<Double>> whole(
      Function<GpuReading, Optional<Integer>> value, double scale) {
    return gpu -> gpu.reading().flatMap(value).map(number -> number * scale);
  }

  /** Every reason of a GPU that reports any, so that a graph shows when one ended. */
  private static Stream<Sample> clockEvents(GpuView gpu) {
    return gpu.reading().flatMap(GpuReading::clockEventReasons).stream()
        .flatMap(active ->
            Stream.of(GpuReading.ClockEventReason.values())
                .map(reason -> clockEvent(gpu, reason, active.contains(reason))));
  }

  private static Sample clockEvent(
      GpuView gpu, GpuReading.ClockEventReason reason, boolean active) {
    String word = reason.name().toLowerCase(Locale.ROOT);
    return Sample.of(active ? 1 : 0, "uuid", gpu.traits().id().uuid(), "reason", word);
  }
}
