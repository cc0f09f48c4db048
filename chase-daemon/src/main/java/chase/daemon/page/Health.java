package chase.daemon.page;

import chase.daemon.explain.GpuExplanation;
import chase.daemon.explain.GridText;
import chase.daemon.grid.GridState;
import chase.daemon.text.Durations;
import chase.zeus.engine.GpuView;
import chase.zeus.engine.Reason;
import chase.zeus.engine.SafetyRules;
import chase.zeus.engine.Snapshot;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Whether the daemon is healthy and ready; pure. Every reason against it is one line.
 *
 * @param snapshot the engine's state
 * @param grid the grid's state
 * @param whyNoDriver why there is no GPU driver
 * @param now the moment
 */
record Health(Snapshot snapshot, GridState grid, Optional<String> whyNoDriver, Instant now) {
  /** The loop turns once a second. */
  private static final Duration LONGEST_TURN = Duration.ofSeconds(10);

  /** Why the process should be restarted; empty while it is healthy. */
  List<String> unhealthy() {
    Duration since = Duration.between(snapshot.at(), now);
    return since.compareTo(LONGEST_TURN) > 0 && !isStopping()
        ? List.of(
            "the control loop has not turned for "
                + Durations.format(Duration.ofSeconds(since.toSeconds())))
        : List.of();
  }

  /** Why the daemon does not do its work now; empty while it does. */
  List<String> unready() {
    return Stream.of(
            unhealthy().stream(),
            isStopping() ? Stream.of("Chase is stopping") : Stream.<String>empty(),
            gpus().stream(),
            signal().stream())
        .flatMap(reasons -> reasons)
        .toList();
  }

  private boolean isStopping() {
    return snapshot.gpus().stream().anyMatch(gpu -> gpu.reason() instanceof Reason.ChaseStopping);
  }

  private List<String> gpus() {
    if (whyNoDriver.isPresent()) {
      return List.of("there is no GPU driver: " + whyNoDriver.get());
    }
    List<GpuView> all = snapshot.gpus().stream().map(gpu -> gpu.asOf(now)).toList();
    if (all.isEmpty()) {
      return List.of("no GPU is open");
    }
    List<GpuView> answering = all.stream().filter(gpu -> gpu.contact().answers()).toList();
    if (answering.isEmpty()) {
      return all.stream().map(this::line).toList();
    }
    boolean idle =
        snapshot.mode() == SafetyRules.Mode.CONTROL
            && answering.stream().noneMatch(Health::isControllable);
    return idle ? answering.stream().map(this::line).toList() : List.of();
  }

  private static boolean isControllable(GpuView gpu) {
    return gpu.allowed().isPresent()
        && !(gpu.reason() instanceof Reason.Refused || gpu.reason() instanceof Reason.Unwritable);
  }

  private String line(GpuView gpu) {
    return "GPU %s: %s"
        .formatted(
            Integer.toString(gpu.traits().index()),
            new GpuExplanation(snapshot, gpu, grid, now).reason().clause());
  }

  /** A signal that no policy asks for may be missing. */
  private Optional<String> signal() {
    return new GridText(grid, now)
        .fault()
        .filter(fault -> PageNotices.weighsGrid(snapshot))
        .map("the signal cannot be trusted: %s"::formatted);
  }
}
