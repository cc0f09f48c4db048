package chase.daemon.faults;

import static java.util.concurrent.TimeUnit.SECONDS;

import chase.daemon.RunningDaemon;
import chase.daemon.StartupException;
import chase.daemon.config.ChaseConfig;
import chase.daemon.gpu.GpuBackend;
import chase.daemon.gpu.LockedJournals;
import chase.daemon.gpu.RestoreOutcome;
import chase.daemon.gpu.Restorer;
import chase.daemon.gpu.SettingChange;
import chase.daemon.gpu.journal.GpuJournals;
import chase.zeus.engine.Event;
import chase.zeus.engine.GpuView;
import chase.zeus.engine.Lease;
import chase.zeus.engine.PolicyScope;
import chase.zeus.engine.Reason;
import chase.zeus.fixtures.FakeDriver;
import chase.zeus.gpu.GpuId;
import chase.zeus.gpu.GpuReading;
import chase.zeus.gpu.GpuSettings.ClockDomain;
import chase.zeus.gpu.GpuSettings.ClockRange;
import chase.zeus.policy.PowerPolicy;
import chase.zeus.unit.Watts;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The life of a daemon with two GPUs on a driver of which one call fails: as it starts, while it
 * runs and as it stops; in between the call works again. The first GPU has the fault, or all have
 * it where the call names no GPU.
 */
final class DriverCell {
  private static final InstantSource CLOCK = InstantSource.system();
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration SETTLING = Duration.ofMillis(300);
  private static final Watts ORIGINAL = new Watts(700);
  private static final double FIRST_LIMIT = 300;
  private static final double SECOND_LIMIT = 260;
  private static final int SECONDS_TO_STOP = 40;

  /** An H100 shows so many of those that {@link #figures} counts. */
  private static final int FIGURES = 10;

  private static final int WATCHED_READINGS = 5;

  /** A call that hangs is first no answer. */
  private static final int SILENT_LOOKS = 100;

  private final FakeDriver driver;
  private final DriverFault fault;
  private final ChaseConfig config;
  private final List<String> violations = Collections.synchronizedList(new ArrayList<>());
  private final List<Vertx> vertxs = new ArrayList<>();
  private @Nullable RunningDaemon daemon;

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
            """
                .formatted(FIRST_LIMIT, driver.library()),
            directory,
            Map.of("CHASE_SOCKET", directory.resolve("chase.sock").toString()));
  }

  Outcome live() throws Exception {
    driver.reset("h100", "h100");
    driver.mend();
    try {
      DriverReaction start = start();
      return new Outcome(start, run(), stop(), List.copyOf(violations));
    } finally {
      driver.mend();
      close();
    }
  }

  private DriverReaction start() throws Exception {
    long before = calls();
    fault.inject(driver);
    Optional<RunningDaemon> started = begin();
    DriverReaction reaction =
        started.map(running -> observed(running, FIRST_LIMIT)).orElse(DriverReaction.NO_START);
    started.ifPresent(running -> othersGoOn(running, FIRST_LIMIT));
    boolean called = calls() > before;
    driver.mend();
    daemon = started.isPresent() ? started.get() : begin().orElseThrow();
    recovered(FIRST_LIMIT);
    return called ? reaction : DriverReaction.NOT_CALLED;
  }

  private DriverReaction run() throws Exception {
    long before = calls();
    fault.inject(driver);
    var _ =
        daemon.command(
            new Event.PolicyChosen(
                PowerPolicy.parse("fixed:" + SECOND_LIMIT),
                new PolicyScope.WholeHost(),
                CLOCK.instant()));
    DriverReaction reaction = observed(daemon, SECOND_LIMIT);
    if (fault.isOnRequest()) {
      reaction = asked(reaction);
    }
    othersGoOn(daemon, SECOND_LIMIT);
    boolean called = calls() > before;
    driver.mend();
    succeeds(daemon.command(new Event.LeaseEnded(gpu(), CLOCK.instant())));
    recovered(SECOND_LIMIT);
    return called ? reaction : DriverReaction.NOT_CALLED;
  }

  private DriverReaction stop() throws Exception {
    fault.inject(driver);
    long begun = System.nanoTime();
    boolean back = daemon.stop();
    long took = Duration.ofNanos(System.nanoTime() - begun).toSeconds();
    require(took < SECONDS_TO_STOP, "the stop took " + took + " s");
    driver.mend();
    restore();
    return back ? DriverReaction.BACK : DriverReaction.BACK_BY_RESTORE;
  }

  private void close() throws Exception {
    for (Vertx used : vertxs) {
      used.close().toCompletionStage().toCompletableFuture().get(30, SECONDS);
    }
  }

  private long calls() {
    return driver.calls().getOrDefault(fault.call(), 0L);
  }

  /** A daemon that runs; empty where it did not start. */
  private Optional<RunningDaemon> begin() throws Exception {
    Vertx vertx = Vertx.vertx();
    vertx.exceptionHandler(failure -> violations.add(fault + ": " + failure));
    vertxs.add(vertx);
    try {
      return Optional.of(RunningDaemon.start(vertx, config, CLOCK));
    } catch (StartupException e) {
      return Optional.empty();
    }
  }

  private static boolean succeeds(io.vertx.core.Future<?> call) throws Exception {
    try {
      call.toCompletionStage().toCompletableFuture().get(5, SECONDS);
      return true;
    } catch (ExecutionException | TimeoutException e) {
      return false;
    }
  }

  private GpuId gpu() {
    return view(daemon, 0).map(found -> found.traits().id()).orElseThrow();
  }

  private static Optional<GpuView> view(RunningDaemon daemon, int index) {
    return daemon.snapshot().gpus().stream()
        .filter(gpu -> gpu.traits().index() == index)
        .findFirst();
  }

  private static boolean isAt(RunningDaemon daemon, int index, double limit) {
    return view(daemon, index)
        .filter(gpu -> gpu.contact().answers() && !gpu.pending())
        .flatMap(GpuView::liveLimits)
        .filter(limits -> limits.requested().sameLimitAs(new Watts(limit)))
        .isPresent();
  }

  /** How many figures the first GPU shows. */
  private static int figures(RunningDaemon running) {
    return view(running, 0).flatMap(GpuView::reading).map(DriverCell::figures).orElse(0);
  }

  private static int figures(GpuReading reading) {
    return (int)
        Stream.<Optional<?>>of(
                reading.limits(),
                reading.power(),
                reading.energy(),
                reading.utilization(),
                reading.smClockMegahertz(),
                reading.memoryClockMegahertz(),
                reading.temperatureCelsius(),
                reading.clockEventReasons(),
                reading.persistenceMode(),
                reading.activity())
            .filter(Optional::isPresent)
            .count();
  }

  /**
   * What is seen of the first GPU, twice, so that nothing between two events counts; a GPU that
   * goes on is watched for some readings.
   */
  private DriverReaction observed(RunningDaemon running, double limit) {
    Set<Instant> readings = new HashSet<>();
    int shown = 0;
    int silent = 0;
    DriverReaction last = DriverReaction.GOES_ON;
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() < end) {
      DriverReaction reaction = trouble(running);
      silent = reaction == DriverReaction.NO_ANSWER ? silent + 1 : 0;
      boolean settled = reaction == last && (silent == 0 || silent > SILENT_LOOKS);
      if (reaction != DriverReaction.GOES_ON && settled) {
        return reaction;
      }
      last = reaction;
      if (isAt(running, 0, limit)) {
        view(running, 0).flatMap(GpuView::readAt).ifPresent(readings::add);
        shown = Math.max(shown, figures(running));
      }
      if (readings.size() == WATCHED_READINGS) {
        return shown < FIGURES ? DriverReaction.FIGURE_ABSENT : DriverReaction.GOES_ON;
      }
      sleep();
    }
    violations.add(fault + ": GPU 0 was neither in trouble nor at " + limit + " W");
    return DriverReaction.GOES_ON;
  }

  private static DriverReaction trouble(RunningDaemon daemon) {
    if (daemon.whyNoDriver().isPresent()) {
      return daemon.snapshot().gpus().isEmpty()
          ? DriverReaction.DRIVER_AWAITED
          : DriverReaction.DRIVER_REOPENED;
    }
    Optional<GpuView> gpu = view(daemon, 0).map(found -> found.asOf(CLOCK.instant()));
    if (gpu.isEmpty()) {
      return DriverReaction.GPU_AWAITED;
    }
    return switch (gpu.get().contact().state()) {
      case HUNG -> DriverReaction.GPU_HANGS;
      case LOST, RELEASED -> DriverReaction.GPU_LOST;
      case SILENT -> DriverReaction.NO_ANSWER;
      case ANSWERING ->
          switch (gpu.get().reason()) {
            case Reason.Refused r -> DriverReaction.WRITE_REFUSED;
            case Reason.Retrying r -> DriverReaction.WRITE_RETRIED;
            case Reason.Unwritable r -> DriverReaction.OBSERVED;
            case Reason.WithoutEffect r -> DriverReaction.WRITE_RETRIED;
            case Reason.Lost l -> DriverReaction.GPU_LOST;
            case Reason.HandsOff h -> DriverReaction.LEFT_ALONE;
            default -> DriverReaction.GOES_ON;
          };
    };
  }

  /** What users ask for: the processes, locked clocks, persistence mode. */
  private DriverReaction asked(DriverReaction before) throws Exception {
    GpuId gpu = gpu();
    Event.LeaseTaken lease =
        new Event.LeaseTaken(
            gpu,
            Optional.empty(),
            new Lease.Holder("alice", Optional.empty()),
            CLOCK.instant().plusSeconds(600),
            CLOCK.instant());
    ClockRange range = new ClockRange(900, 1400);
    boolean done = succeeds(daemon.governor().processes());
    for (SettingChange change :
        List.of(
            new SettingChange.LockClocks(ClockDomain.GPU, range),
            new SettingChange.LockClocks(ClockDomain.MEMORY, range),
            new SettingChange.UnlockClocks(ClockDomain.GPU),
            new SettingChange.UnlockClocks(ClockDomain.MEMORY),
            new SettingChange.PersistenceMode(true))) {
      done &= succeeds(daemon.governor().changeSetting(change, lease));
    }
    if (done) {
      return before;
    }
    return within(SETTLING, () -> trouble(daemon) != DriverReaction.GOES_ON)
        ? trouble(daemon)
        : DriverReaction.REQUEST_FAILS;
  }

  private void othersGoOn(RunningDaemon running, double limit) {
    if (fault.namesGpu()) {
      require(
          awaited(() -> isAt(running, 1, limit)),
          "GPU 1 did not go on: " + view(running, 1).map(GpuView::reason));
    }
  }

  private void recovered(double limit) throws Exception {
    require(
        awaited(() -> view(daemon, 0).isPresent() && view(daemon, 1).isPresent()),
        "a GPU did not come back");
    succeeds(daemon.command(new Event.Resumed(CLOCK.instant())));
    require(
        awaited(
            () -> isAt(daemon, 0, limit) && isAt(daemon, 1, limit) && figures(daemon) == FIGURES),
        "not recovered: "
            + daemon.snapshot().gpus().stream()
                .map(gpu -> gpu.reason() + " " + gpu.contact())
                .toList()
            + figures(daemon));
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

  private static boolean awaited(Supplier<Boolean> condition) {
    return within(PATIENCE, condition);
  }

  private static boolean within(Duration patience, Supplier<Boolean> condition) {
    long end = System.nanoTime() + patience.toNanos();
    boolean met = condition.get();
    while (!met && System.nanoTime() < end) {
      sleep();
      met = condition.get();
    }
    return met;
  }

  private static void sleep() {
    try {
      Thread.sleep(20);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Used where an outcome could not be had at all. */
  static Outcome broken(DriverFault fault, Throwable failure) {
    return new Outcome(
        DriverReaction.NOT_CALLED,
        DriverReaction.NOT_CALLED,
        DriverReaction.NOT_CALLED,
        List.of(fault + ": " + Objects.toString(failure)));
  }
}
