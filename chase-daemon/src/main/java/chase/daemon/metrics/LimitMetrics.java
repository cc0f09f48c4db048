package chase.daemon.metrics;

import static chase.daemon.metrics.Metric.counter;
import static chase.daemon.metrics.Metric.gauge;
import static chase.daemon.metrics.Metric.gpuCounter;
import static chase.daemon.metrics.Metric.gpuGauge;
import static chase.daemon.metrics.Metric.gpuWatts;
import static chase.daemon.metrics.Metric.info;

import chase.zeus.engine.GpuView;
import chase.zeus.engine.Lease;
import chase.zeus.engine.Reason;
import chase.zeus.engine.SafetyRules;
import chase.zeus.gpu.GpuId;
import chase.zeus.gpu.PowerLimits;
import chase.zeus.gpu.PowerRange;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** What Chase does to the GPUs' limits. */
final class LimitMetrics {
  static final List<Metric> ALL =
      List.of(
          gpuWatts(
              "chase_gpu_power_limit_requested_watts",
              "Power limit that the host last requested.",
              gpu -> gpu.liveLimits().map(PowerLimits::requested)),
          gpuWatts(
              "chase_gpu_power_limit_enforced_watts",
              "Power limit in force, the smallest of all limiters.",
              gpu -> gpu.liveLimits().map(PowerLimits::enforced)),
          gpuWatts(
              "chase_gpu_power_limit_default_watts",
              "Power limit that the board boots with.",
              gpu -> gpu.traits().defaultLimit()),
          gpuWatts(
              "chase_gpu_power_limit_min_watts",
              "Lowest power limit that the GPU accepts.",
              gpu -> gpu.traits().powerRange().map(PowerRange::min)),
          gpuWatts(
              "chase_gpu_power_limit_max_watts",
              "Highest power limit that the GPU accepts.",
              gpu -> gpu.traits().powerRange().map(PowerRange::max)),
          gpuWatts(
              "chase_gpu_power_limit_original_watts",
              "Original power limit, which Chase restores.",
              GpuView::original),
          gpuWatts(
              "chase_gpu_power_limit_target_watts",
              "Power limit that Chase wants; in observe mode the one that it would set.",
              GpuView::target),
          counter(
              "chase_limit_writes_total",
              "Power limits that Chase set or tried to set.",
              scrape -> scrape.gpus().flatMap(LimitMetrics::writes)),
          gpuCounter(
              "chase_foreign_limit_changes_total",
              "Power limits that an external process set.",
              gpu -> Optional.of((double) gpu.counts().foreign())),
          gauge(
              "chase_gpu_hands_off_seconds",
              "How much longer Chase leaves the GPU to an external process; 0 when it does not.",
              scrape -> scrape.gpus().map(gpu -> Sample.of(gpu, handsOff(scrape, gpu)))),
          gpuCounter(
              "chase_limit_writes_held_total",
              "Decisions that had to wait: no write left in the hour, or a hardware slowdown.",
              gpu -> Optional.of((double) gpu.counts().held())),
          gpuGauge(
              "chase_limit_writes_left",
              "Writes that the hour has left before decisions have to wait.",
              gpu -> Optional.of((double) gpu.counts().left())),
          info(
              "chase_gpu_lease_info",
              "Who holds a lease of the GPU, through the API of Zeus.",
              scrape ->
                  scrape.snapshot().leases().entrySet().stream().map(held -> lease(scrape, held))),
          gauge(
              "chase_control_mode",
              "What Chase does about limits now: control, observe or paused; always 1.",
              scrape -> Stream.of(Sample.of(1, "mode", mode(scrape)))),
          gauge(
              "chase_gpus_unrestored",
              "GPUs that do not answer and have a limit or setting on record to restore.",
              scrape -> Stream.of(Sample.of(scrape.unansweredRecords()))));

  private LimitMetrics() {}

  private static Sample lease(Scrape scrape, Map.Entry<GpuId, Lease> held) {
    String user = scrape.shownUser(Optional.of(held.getValue().holder().user()));
    return Sample.of(1, "uuid", held.getKey().uuid(), "user", user);
  }

  private static double handsOff(Scrape scrape, GpuView gpu) {
    return gpu.reason() instanceof Reason.HandsOff held
        ? Math.max(Duration.between(scrape.snapshot().at(), held.until()).toMillis() / 1e3, 0)
        : 0;
  }

  private static Stream<Sample> writes(GpuView gpu) {
    GpuView.WriteCounts counts = gpu.counts();
    return Stream.of(
        written(gpu, "applied", counts.applied()),
        written(gpu, "refused", counts.refused()),
        written(gpu, "failed", counts.failed()));
  }

  private static Sample written(GpuView gpu, String result, long count) {
    return Sample.of((double) count, "uuid", gpu.traits().id().uuid(), "result", result);
  }

  private static String mode(Scrape scrape) {
    return scrape.snapshot().paused() ? "paused" : word(scrape.snapshot().mode());
  }

  private static String word(SafetyRules.Mode mode) {
    return switch (mode) {
      case CONTROL -> "control";
      case OBSERVE -> "observe";
    };
  }
}
