package chase.daemon.faults;

import static java.util.concurrent.TimeUnit.SECONDS;

import chase.daemon.RunningDaemon;
import chase.daemon.gpu.SettingChange;
import chase.zeus.engine.Event;
import chase.zeus.engine.GpuView;
import chase.zeus.engine.Lease;
import chase.zeus.engine.Reason;
import chase.zeus.gpu.GpuId;
import chase.zeus.gpu.GpuReading;
import chase.zeus.gpu.GpuSettings.ClockDomain;
import chase.zeus.gpu.GpuSettings.ClockRange;
import chase.zeus.unit.Watts;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/**
 * What is seen of a daemon with two GPUs, the first of which is in trouble.
 *
 * @param running the daemon
 */
record WatchedDaemon(RunningDaemon running) {
  /** An H100 shows so many of those that {@link #figures} counts. */
  static final int FIGURES = 10;

  private static final InstantSource CLOCK = InstantSource.system();
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration SETTLING = Duration.ofMillis(300);
  private static final int WATCHED_READINGS = 6;

  /** Readings that may be from before the trouble. */
  private static final int OLD_READINGS = 2;

  /** A call that hangs is first no answer. */
  private static final int SILENT_LOOKS = 100;

  /** The first GPU. */
  GpuId gpu() {
    return view(0).map(found -> found.traits().id()).orElseThrow();
  }

  /** One of the GPUs, once it was opened. */
  Optional<GpuView> view(int index) {
    return running.snapshot().gpus().stream()
        .filter(gpu -> gpu.traits().index() == index)
        .findFirst();
  }

  /** Whether a GPU answers and has that limit. */
  boolean isAt(int index, double limit) {
    return view(index)
        .filter(gpu -> gpu.contact().answers() && !gpu.pending())
        .flatMap(GpuView::liveLimits)
        .filter(limits -> limits.requested().sameLimitAs(new Watts(limit)))
        .isPresent();
  }

  /** How many figures the first GPU shows. */
  int figures() {
    return view(0).flatMap(GpuView::reading).map(WatchedDaemon::figures).orElse(0);
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
   * goes on is watched for some readings. Empty where it is neither in trouble nor at its limit.
   */
  Optional<DriverReaction> reaction(double limit) {
    Set<Instant> readings = new HashSet<>();
    int shown = 0;
    int silent = 0;
    DriverReaction last = DriverReaction.GOES_ON;
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() < end) {
      DriverReaction now = trouble();
      silent = now == DriverReaction.NO_ANSWER ? silent + 1 : 0;
      boolean settled = now == last && (silent == 0 || silent > SILENT_LOOKS);
      if (now != DriverReaction.GOES_ON && settled) {
        return Optional.of(now);
      }
      last = now;
      if (isAt(0, limit)) {
        view(0).flatMap(GpuView::readAt).ifPresent(readings::add);
        shown = readings.size() > OLD_READINGS ? Math.max(shown, figures()) : shown;
      }
      if (readings.size() == WATCHED_READINGS) {
        return Optional.of(shown < FIGURES ? DriverReaction.FIGURE_ABSENT : DriverReaction.GOES_ON);
      }
      sleep();
    }
    return Optional.empty();
  }

  private DriverReaction trouble() {
    if (running.whyNoDriver().isPresent()) {
      return running.snapshot().gpus().isEmpty()
          ? DriverReaction.DRIVER_AWAITED
          : DriverReaction.DRIVER_REOPENED;
    }
    return view(0)
        .map(found -> trouble(found.asOf(CLOCK.instant())))
        .orElse(DriverReaction.GPU_AWAITED);
  }

  private static DriverReaction trouble(GpuView gpu) {
    return switch (gpu.contact().state()) {
      case HUNG -> DriverReaction.GPU_HANGS;
      case LOST, RELEASED -> DriverReaction.GPU_LOST;
      case SILENT -> DriverReaction.NO_ANSWER;
      case ANSWERING ->
          switch (gpu.reason()) {
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

  /** Asks what users ask for: the processes, locked clocks, persistence mode. */
  DriverReaction asked(DriverReaction before) throws Exception {
    Event.LeaseTaken lease =
        new Event.LeaseTaken(
            gpu(),
            Optional.empty(),
            new Lease.Holder("alice", Optional.empty()),
            CLOCK.instant().plusSeconds(600),
            CLOCK.instant());
    ClockRange range = new ClockRange(900, 1400);
    boolean done = succeeds(running.governor().processes());
    for (SettingChange change :
        List.of(
            new SettingChange.LockClocks(ClockDomain.GPU, range),
            new SettingChange.LockClocks(ClockDomain.MEMORY, range),
            new SettingChange.UnlockClocks(ClockDomain.GPU),
            new SettingChange.UnlockClocks(ClockDomain.MEMORY),
            new SettingChange.PersistenceMode(true))) {
      done &= succeeds(running.governor().changeSetting(change, lease));
    }
    if (done) {
      return before;
    }
    return within(SETTLING, () -> trouble() != DriverReaction.GOES_ON)
        ? trouble()
        : DriverReaction.REQUEST_FAILS;
  }

  /** Whether a call succeeds; one that hangs is not waited for. */
  static boolean succeeds(Future<?> call) throws InterruptedException {
    try {
      call.toCompletionStage().toCompletableFuture().get(5, SECONDS);
      return true;
    } catch (ExecutionException | TimeoutException e) {
      return false;
    }
  }

  /** Whether something becomes true in a time that is long enough for every recovery. */
  static boolean awaited(BooleanSupplier condition) {
    return within(PATIENCE, condition);
  }

  private static boolean within(Duration patience, BooleanSupplier condition) {
    long end = System.nanoTime() + patience.toNanos();
    boolean met = condition.getAsBoolean();
    while (!met && System.nanoTime() < end) {
      sleep();
      met = condition.getAsBoolean();
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
}
