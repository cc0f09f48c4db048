package chase.daemon.faults;

import static chase.daemon.faults.WatchedDaemon.awaited;
import static chase.daemon.faults.WatchedDaemon.succeeds;
import static java.util.concurrent.TimeUnit.SECONDS;

import chase.daemon.RunningDaemon;
import chase.daemon.StartupException;
import chase.daemon.config.ChaseConfig;
import chase.daemon.gpu.GpuBackend;
import chase.daemon.gpu.LockedJournals;
import chase.daemon.gpu.RestoreOutcome;
import chase.daemon.gpu.Restorer;
import chase.daemon.gpu.journal.GpuJournals;
import chase.zeus.engine.Event;
import chase.zeus.engine.GpuView;
import chase.zeus.engine.PolicyScope;
import chase.zeus.fixtures.FakeDriver;
import chase.zeus.gpu.GpuSettings.ClockDomain;
import chase.zeus.policy.PowerPolicy;
import chase.zeus.unit.Watts;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * The life of a daemon with two GPUs on a driver of which one call fails: as it starts, while it
 * runs and as it stops; in between the call works again. The first GPU has the fault, or all have
 * it where the call names no GPU.
 */
final class DriverCell {
  private static final InstantSource CLOCK = InstantSource.system();
  private static final Watts ORIGINAL = new Watts(700);
  private static final double FIRST_LIMIT = 300;
  private static final double SECOND_LIMIT = 260;
  private static final int SECONDS_TO_STOP = 40;

  private final FakeDriver driver;
  private final DriverFault fault;
  private final ChaseConfig config;
  private final List<String> violations = Collections.synchronizedList(new ArrayList<>());
  private final List<Vertx> used = new ArrayList<>();

  /** What Chase did. */
  record Outcome(
      DriverReaction start, DriverReaction run, DriverReaction stop, List<String> violations) {}

  DriverCell(FakeDriver driver, DriverFault fault, Path directory) throws Exception {
    this.driver = driver;
    this.fault = fault;
    this.config =
        ChaseConfig.parse(
            "chase.yaml",
            """
            policy: fixed:%s
            state-directory: state
            gpu:
              library: %s
              floor-ratio: 0.3
              telemetry-period: 100ms
              call-deadline: 1s
              minimum-dwell: 0s
              retry-after: 1s
              lowering-step: 1
              writes-per-hour: 3600
            """
                .formatted(FIRST_LIMIT, driver.library()),
            directory,
            Map.of("CHASE_SOCKET", directory.resolve("chase.sock").toString()));
  }

  /** Used where an outcome could not be had at all. */
  static Outcome broken(DriverFault fault, Throwable failure) {
    return new Outcome(
        DriverReaction.NOT_CALLED,
        DriverReaction.NOT_CALLED,
        DriverReaction.NOT_CALLED,
        List.of(fault + ": " + Objects.toString(failure)));
  }

  Outcome live() throws Exception {
    driver.reset("h100", "h100");
    driver.mend();
    try {
      long before = calls();
      fault.inject(driver);
      Optional<WatchedDaemon> started = begin();
      DriverReaction start =
          started.map(one -> reaction(one, FIRST_LIMIT)).orElse(DriverReaction.NO_START);
      started.ifPresent(one -> othersGoOn(one, FIRST_LIMIT));
      boolean called = calls() > before;
      driver.mend();
      WatchedDaemon daemon = started.isPresent() ? started.get() : begin().orElseThrow();
      recovered(daemon, FIRST_LIMIT);
      return new Outcome(
          called ? start : DriverReaction.NOT_CALLED,
          run(daemon),
          stop(daemon),
          List.copyOf(violations));
    } finally {
      driver.mend();
      for (Vertx vertx : used) {
        vertx.close().toCompletionStage().toCompletableFuture().get(30, SECONDS);
      }
    }
  }

  private DriverReaction run(WatchedDaemon daemon) throws Exception {
    long before = calls();
    fault.inject(driver);
    var _ =
        daemon
            .running()
            .command(
                new Event.PolicyChosen(
                    PowerPolicy.parse("fixed:" + SECOND_LIMIT),
                    new PolicyScope.WholeHost(),
                    CLOCK.instant()));
    DriverReaction reaction = reaction(daemon, SECOND_LIMIT);
    if (fault.isOnRequest()) {
      reaction = daemon.asked(reaction);
    }
    othersGoOn(daemon, SECOND_LIMIT);
    boolean called = calls() > before;
    driver.mend();
    succeeds(daemon.running().command(new Event.LeaseEnded(daemon.gpu(), CLOCK.instant())));
    recovered(daemon, SECOND_LIMIT);
    return called ? reaction : DriverReaction.NOT_CALLED;
  }

  private DriverReaction stop(WatchedDaemon daemon) throws Exception {
    fault.inject(driver);
    long begun = System.nanoTime();
    boolean back = daemon.running().stop();
    long took = Duration.ofNanos(System.nanoTime() - begun).toSeconds();
    require(took < SECONDS_TO_STOP, "the stop took " + took + " s");
    driver.mend();
    restore();
    return back ? DriverReaction.BACK : DriverReaction.BACK_BY_RESTORE;
  }

  private long calls() {
    return driver.calls().getOrDefault(fault.call(), 0L);
  }

  /** A daemon that runs; empty where it did not start. */
  private Optional<WatchedDaemon> begin() throws Exception {
    Vertx vertx = Vertx.vertx();
    vertx.exceptionHandler(failure -> violations.add(fault + ": " + failure));
    used.add(vertx);
    try {
      return Optional.of(new WatchedDaemon(RunningDaemon.start(vertx, config, CLOCK)));
    } catch (StartupException e) {
      return Optional.empty();
    }
  }

  private DriverReaction reaction(WatchedDaemon daemon, double limit) {
    Optional<DriverReaction> seen = daemon.reaction(limit);
    require(seen.isPresent(), "GPU 0 was neither in trouble nor at " + limit + " W");
    return seen.orElse(DriverReaction.GOES_ON);
  }

  private void othersGoOn(WatchedDaemon daemon, double limit) {
    if (fault.namesGpu()) {
      require(
          awaited(() -> daemon.isAt(1, limit)),
          "GPU 1 did not go on: " + daemon.view(1).map(GpuView::reason));
    }
  }

  private void recovered(WatchedDaemon daemon, double limit) throws Exception {
    require(
        awaited(() -> daemon.view(0).isPresent() && daemon.view(1).isPresent()),
        "a GPU did not come back");
    succeeds(daemon.running().command(new Event.Resumed(CLOCK.instant())));
    require(
        awaited(() ->
            daemon.isAt(0, limit)
                && daemon.isAt(1, limit)
                && daemon.figures() == WatchedDaemon.FIGURES),
        "not recovered: " + daemon.running().snapshot().gpus());
  }

  /**
   * Nothing is left behind, at the latest after {@code chase restore}; without its lock, which a
   * hung call keeps until the process ends.
   */
  private void restore() throws Exception {
    Restorer restorer =
        new Restorer(
            GpuJournals.open(LockedJournals.paths(config), CLOCK),
            GpuBackend.driver(config.gpu(), CLOCK),
            Duration.ofSeconds(5));
    List<RestoreOutcome> outcomes = restorer.restore(Set.of());
    require(Restorer.allDone(outcomes), "chase restore: " + outcomes);
    for (int index = 0; index < 2; index++) {
      Watts left = driver.requested(index);
      require(left.sameLimitAs(ORIGINAL), "GPU " + index + " is left at " + left);
      String clocks = driver.lockedClocks(index, ClockDomain.GPU);
      require(clocks.equals("0-0"), "GPU " + index + " is left with clocks " + clocks);
      require(!driver.persistence(index), "GPU " + index + " is left in persistence mode");
    }
  }

  private void require(boolean condition, String violation) {
    if (!condition) {
      violations.add(fault + ": " + violation);
    }
  }
}
