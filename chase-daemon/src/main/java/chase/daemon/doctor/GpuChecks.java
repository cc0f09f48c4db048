package chase.daemon.doctor;

import chase.daemon.api.CheckBody;
import chase.daemon.config.GpuConfig;
import chase.daemon.explain.GpuExplanation;
import chase.daemon.explain.PersistenceText;
import chase.daemon.gpu.DriverCall;
import chase.daemon.gpu.DriverState;
import chase.daemon.gpu.GpuBackend;
import chase.daemon.grid.GridState;
import chase.zeus.engine.GpuView;
import chase.zeus.engine.Snapshot;
import chase.zeus.gpu.Gpu;
import chase.zeus.gpu.GpuException;
import chase.zeus.gpu.GpuTraits;
import chase.zeus.gpu.Gpus;
import chase.zeus.gpu.PowerLimits;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** Whether the driver and its GPUs answer, and take limits. */
final class GpuChecks {
  private static final Logger LOG = System.getLogger(GpuChecks.class.getName());
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(1);
  private static final String DRIVER = "driver";
  private static final String GPU = "gpu";
  private static final String SILENCE_REMEDY =
      "sudo dmesg -T (look for Xid); Chase tries again by itself";

  private GpuChecks() {}

  /**
   * Opens the driver and every GPU, each on a thread of its own: what hangs is a result as well.
   */
  static List<CheckBody> byOpening(GpuConfig config, InstantSource clock) {
    Duration deadline = config.callDeadline();
    DriverCall<Gpus> opening =
        DriverCall.start("doctor-driver", GpuBackend.driver(config, clock)::open);
    try {
      return opened(opening.await(deadline), deadline);
    } catch (GpuException e) {
      opening.onLateResult(Gpus::close);
      return List.of(CheckBody.failed(DRIVER, String.valueOf(e.getMessage())));
    }
  }

  private static List<CheckBody> opened(Gpus gpus, Duration deadline) {
    List<CheckBody> checks = new ArrayList<>();
    List<GpuTraits> open = new ArrayList<>();
    List<DriverCall<Gpu>> calls = new ArrayList<>();
    gpus.slots()
        .forEach(slot -> calls.add(DriverCall.start("doctor-gpu-" + slot.index(), slot::open)));
    DriverCall.awaitAll(calls, deadline);
    for (int i = 0; i < calls.size(); i++) {
      try {
        GpuTraits traits = calls.get(i).resultAfter(deadline).traits();
        open.add(traits);
        checks.add(traits(traits));
      } catch (GpuException e) {
        checks.add(CheckBody.failed(GPU, named(i, String.valueOf(e.getMessage()))));
      }
    }
    checks.addFirst(driver(open, calls.size()));
    close(gpus);
    return checks;
  }

  private static String named(int index, String why) {
    String name = "GPU " + index;
    return why.startsWith(name) ? why : name + ": " + why;
  }

  /** A driver that hangs as it closes is left behind with its thread. */
  private static void close(Gpus gpus) {
    try {
      DriverCall.start(
              "doctor-close",
              () -> {
                gpus.close();
                return true;
              })
          .await(CLOSE_TIMEOUT);
    } catch (GpuException e) {
      LOG.log(Level.DEBUG, "the driver does not close: " + e.getMessage());
    }
  }

  /**
   * What the daemon knows of them.
   *
   * @param state where the driver stands
   * @param unanswered the GPUs that are not in {@code snapshot}
   */
  static List<CheckBody> known(
      Snapshot snapshot,
      GridState grid,
      DriverState state,
      DriverState.UnansweredGpus unanswered,
      Instant now) {
    List<CheckBody> checks = new ArrayList<>();
    switch (state) {
      case DriverState.Missing missing ->
          checks.add(CheckBody.failed(DRIVER, "waiting for it: " + missing.why()));
      case DriverState.Released released ->
          checks.add(CheckBody.note(DRIVER, released.text()).withRemedy("chase reopen-driver"));
      case DriverState.Open o -> addOpen(checks, snapshot, grid, unanswered, now);
    }
    Stream.concat(unanswered.slots().values().stream(), unanswered.records().values().stream())
        .map(line -> CheckBody.failed(GPU, line).withRemedy(SILENCE_REMEDY))
        .forEach(checks::add);
    return checks;
  }

  private static void addOpen(
      List<CheckBody> checks,
      Snapshot snapshot,
      GridState grid,
      DriverState.UnansweredGpus unanswered,
      Instant now) {
    List<GpuTraits> open = snapshot.gpus().stream().map(GpuView::traits).toList();
    checks.add(driver(open, open.size() + unanswered.slots().size()));
    snapshot
        .gpus()
        .forEach(gpu -> {
          checks.add(state(gpu, new GpuExplanation(snapshot, gpu, grid, now)));
          held(gpu).ifPresent(checks::add);
          PersistenceText.warning(gpu)
              .map(line -> CheckBody.warning(GPU, line).withRemedy(PersistenceText.REMEDY))
              .ifPresent(checks::add);
        });
  }

  private static CheckBody state(GpuView gpu, GpuExplanation explanation) {
    return switch (explanation.reason().word()) {
      case "no_answer", "hung", "lost" -> CheckBody.failed(GPU, explanation.text());
      case "refused" ->
          CheckBody.failed(GPU, explanation.text())
              .withRemedy("systemd/README.md: where the NVIDIA library wants root");
      case "hands_off", "retrying", "without_effect", "writes_spent", "hardware_slowdown" ->
          CheckBody.warning(GPU, explanation.text());
      default -> traits(gpu.traits());
    };
  }

  /** The most conservative of several limits wins; the others show only by that. */
  private static Optional<CheckBody> held(GpuView gpu) {
    return gpu.limits()
        .filter(limits -> limits.enforced().value() < limits.requested().value() - 1)
        .map(limits -> held(gpu.traits().index(), limits));
  }

  private static CheckBody held(int index, PowerLimits limits) {
    return CheckBody.note(
            GPU,
            String.format(
                Locale.ROOT,
                "GPU %d: %s is requested, and %s in force: another limiter is lower",
                index,
                limits.requested(),
                limits.enforced()))
        .withRemedy("look at the BMC's limit and at NVIDIA DPS, which acts through the BMC");
  }

  private static CheckBody driver(List<GpuTraits> open, int counted) {
    if (counted == 0) {
      return CheckBody.failed(DRIVER, "it shows no GPU");
    }
    if (open.isEmpty()) {
      return CheckBody.failed(
          DRIVER, String.format(Locale.ROOT, "none of its %d GPUs can be opened", counted));
    }
    String gpus = String.format(Locale.ROOT, "%d GPU%s", counted, counted == 1 ? "" : "s");
    return open.getFirst().simulated()
        ? CheckBody.note(DRIVER, gpus + ", simulated (gpu.backend)")
        : CheckBody.ok(DRIVER, "NVIDIA " + open.getFirst().driverVersion() + ", " + gpus);
  }

  private static CheckBody traits(GpuTraits gpu) {
    String name = String.format(Locale.ROOT, "GPU %d, %s", gpu.index(), gpu.model());
    return gpu.unwritable()
        .map(why -> CheckBody.note(GPU, name + ": observed, never written (" + why + ")"))
        .orElseGet(() ->
            CheckBody.ok(
                GPU,
                name
                    + gpu.powerRange()
                        .map(range -> ", %s to %s".formatted(range.min(), range.max()))
                        .orElse("")));
  }
}
