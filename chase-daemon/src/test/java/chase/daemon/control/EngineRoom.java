package chase.daemon.control;

import chase.carbon.CarbonIntensity;
import chase.carbon.CarbonUnavailable;
import chase.carbon.GramsPerKwh;
import chase.carbon.Provenance;
import chase.carbon.Region;
import chase.carbon.SignalKind;
import chase.daemon.events.CommandRefused;
import chase.daemon.events.Notification;
import chase.daemon.events.Topic;
import chase.daemon.grid.GridState;
import chase.daemon.host.HostProcess;
import chase.daemon.http.RequestLog;
import chase.daemon.ledger.EmissionsMeter;
import chase.daemon.ledger.GpuOwners;
import chase.daemon.ledger.Ledger;
import chase.daemon.ledger.LedgerKeeper;
import chase.zeus.engine.Engine;
import chase.zeus.engine.Event;
import chase.zeus.engine.Order;
import chase.zeus.engine.SafetyRules;
import chase.zeus.engine.Snapshot;
import chase.zeus.gpu.GpuException;
import chase.zeus.gpu.GpuId;
import chase.zeus.gpu.GpuReading;
import chase.zeus.gpu.GpuTraits;
import chase.zeus.gpu.PowerLimits;
import chase.zeus.gpu.PowerRange;
import chase.zeus.policy.EnergyOutlook;
import chase.zeus.policy.PowerPolicy;
import chase.zeus.profile.PowerProfile;
import chase.zeus.profile.PowerProfile.Point;
import chase.zeus.unit.Joules;
import chase.zeus.unit.Watts;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * A daemon without hardware: the real engine, two cards that obey at once unless told otherwise,
 * and a clock that stands still.
 */
public final class EngineRoom {
  /** What the room's clock shows until {@link #letPass}. */
  public static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");

  /** The first card, which may be limited. */
  public static final GpuId FIRST = new GpuId("GPU-6e8a0f6c-0000-4000-8000-000000000000");

  /** The second card, which is only looked at. */
  public static final GpuId SECOND = new GpuId("GPU-6e8a1b2c-0000-4000-8000-000000000001");

  private static final Duration HOUR = Duration.ofHours(1);

  private final Engine engine;
  private final Topic<Notification> notices;
  private GridState grid = replayed(412);
  private volatile Instant now = NOON;
  private EmissionsMeter.EmissionTotals emissions = EmissionsMeter.EmissionTotals.NONE;
  private double used = 36_000;
  private boolean refusing;
  private volatile boolean holding;
  private volatile Map<GpuId, List<HostProcess>> processes = Map.of();
  private Optional<Promise<Void>> held = Optional.empty();

  /** A room in control mode under {@code chase:0.24}, where the grid has just been read. */
  public EngineRoom(Vertx vertx) {
    this(vertx, SafetyRules.Mode.CONTROL);
  }

  EngineRoom(Vertx vertx, SafetyRules.Mode mode) {
    notices = new Topic<>(vertx, Notification.class);
    SafetyRules rules =
        new SafetyRules(
            mode,
            0.6,
            Duration.ofMinutes(1),
            Duration.ofMinutes(10),
            Duration.ofSeconds(5),
            SafetyRules.DEFAULT_SILENCE,
            Optional.empty(),
            HOUR.multipliedBy(2)); // the second card is never read
    engine = new Engine(rules, PowerPolicy.parse("chase:0.24"), NOON.minus(HOUR));
    happen(opened(FIRST, 0, Optional.empty()));
    happen(opened(SECOND, 1, Optional.of("MIG is on")));
    happen(new Event.ReadingTaken(FIRST, reading(0), NOON.minusSeconds(100)));
    happen(new Event.OutlookChanged(outlook(412), NOON.minusSeconds(90)));
    happen(new Event.ReadingTaken(FIRST, reading(used), NOON));
  }

  /** What a server needs of this room. */
  public ControlNeeds needs() {
    return needs(Ledger.NONE, (vertx, router) -> {});
  }

  /** A real ledger of this room, in {@code directory}; deploy it. */
  LedgerKeeper ledger(Path directory) {
    return new LedgerKeeper(
        () -> new GpuOwners(snapshot(), Map.of()),
        () -> replayed(412),
        directory,
        Duration.ofDays(400),
        () -> snapshot().at());
  }

  /** The same with a ledger. */
  public ControlNeeds needs(Ledger ledger) {
    return needs(ledger, (vertx, router) -> {});
  }

  /** The same with paths that others answer. */
  public ControlNeeds needs(BiConsumer<Vertx, Router> guests) {
    return needs(Ledger.NONE, guests);
  }

  private ControlNeeds needs(Ledger ledger, BiConsumer<Vertx, Router> guests) {
    return new ControlNeeds(
        engine::snapshot,
        () -> grid,
        List::of,
        this::obey,
        () -> emissions,
        ledger,
        new Processes() {
          @Override
          public Map<GpuId, List<HostProcess>> seen() {
            return processes;
          }

          @Override
          public Future<Map<GpuId, List<HostProcess>>> now() {
            return Future.succeededFuture(processes);
          }
        },
        notices,
        RequestLog.NONE,
        () -> now,
        "1.2.3",
        guests);
  }

  /** Lets something happen, carrying out what the engine orders then. */
  public void happen(Event event) {
    engine.on(event).forEach(this::carryOut);
  }

  /** Lets time pass, in which nothing happens. */
  public void letPass(Duration time) {
    now = now.plus(time);
    happen(new Event.TimePassed(now));
  }

  /** Lets time pass in which the first card uses so much more. */
  void letUse(double joules, Duration time) {
    letPass(time);
    used += joules;
    happen(new Event.ReadingTaken(FIRST, reading(used), now));
  }

  /** Tells everyone who follows. */
  public void tell(Notification notice) {
    notices.publish(notice);
  }

  /** From now on the driver refuses every write. */
  public void refuseWrites() {
    refusing = true;
  }

  /** From now on the driver shows those processes. */
  public void show(Map<GpuId, List<HostProcess>> computing) {
    processes = computing;
  }

  /** The state now. */
  public Snapshot snapshot() {
    return engine.snapshot();
  }

  Promise<Void> holdCommands() {
    Promise<Void> release = Promise.promise();
    held = Optional.of(release);
    return release;
  }

  boolean isHolding() {
    return holding;
  }

  /** From now on the first card has emitted so much, and used some energy without a signal. */
  void emitted(double grams, double joulesWithoutSignal) {
    emissions =
        new EmissionsMeter.EmissionTotals(
            Map.of(
                FIRST,
                new EmissionsMeter.EmissionTotals.GpuEmissions(
                    Map.of("replayed", grams), new Joules(joulesWithoutSignal))));
  }

  void grid(GridState state) {
    grid = state;
  }

  static GridState replayed(double grams) {
    return new GridState(
        "trace",
        new Region("CISO"),
        Optional.of(intensity(grams)),
        Optional.empty(),
        HOUR.multipliedBy(2),
        OptionalDouble.of(520),
        12,
        1);
  }

  static GridState silent() {
    return new GridState(
        "electricitymaps",
        new Region("DE"),
        Optional.empty(),
        Optional.of(
            new GridState.PollFailure(
                CarbonUnavailable.FailureReason.BAD_KEY, "electricitymaps: DE: 401", NOON)),
        HOUR.multipliedBy(2),
        OptionalDouble.empty(),
        0,
        3);
  }

  private Future<Snapshot> obey(Event.Command command) {
    var refusal = engine.refusal(command);
    if (refusal.isPresent()) {
      return Future.failedFuture(new CommandRefused(refusal.get()));
    }
    holding = held.isPresent();
    return held.map(Promise::future)
        .orElseGet(Future::succeededFuture)
        .map(released -> {
          happen(command);
          return engine.snapshot();
        });
  }

  private void carryOut(Order order) {
    happen(
        refusing
            ? new Event.LimitFailed(
                order.gpu(), order.limit(), GpuException.Kind.REFUSED, "no permission", NOON)
            : new Event.LimitApplied(order.gpu(), limits(order.limit()), NOON));
  }

  private static CarbonIntensity intensity(double grams) {
    Instant start = NOON.minus(Duration.ofMinutes(30));
    return new CarbonIntensity(
        new GramsPerKwh(grams),
        new SignalKind(SignalKind.Margin.AVERAGE, SignalKind.Scope.DIRECT),
        new Provenance.Replayed(Instant.parse("2020-07-01T19:00:00Z")),
        "trace",
        new Region("CISO"),
        start,
        start.plus(HOUR),
        start,
        start,
        Optional.empty());
  }

  private static EnergyOutlook outlook(double grams) {
    Instant start = NOON.minus(Duration.ofMinutes(30));
    return new EnergyOutlook(
        List.of(new EnergyOutlook.Slot(start, start.plus(HOUR), grams)),
        520,
        start.plus(HOUR.multipliedBy(3)));
  }

  private static Event opened(GpuId id, int index, Optional<String> unwritable) {
    GpuTraits traits =
        new GpuTraits(
            id,
            index,
            "NVIDIA H100 80GB HBM3",
            index == 0 ? Optional.of("00000000:18:00.0") : Optional.empty(),
            "580.65.06",
            Optional.of(new PowerRange(new Watts(200), new Watts(700))),
            Optional.of(new Watts(700)),
            unwritable,
            true);
    return new Event.GpuOpened(
        traits, Optional.of(limits(new Watts(700))), Optional.of(profile()), NOON.minus(HOUR));
  }

  private static PowerProfile profile() {
    return new PowerProfile(
        List.of(
            new Point(new Watts(420), new Watts(410), 97),
            new Point(new Watts(500), new Watts(485), 99),
            new Point(new Watts(600), new Watts(560), 99.7),
            new Point(new Watts(700), new Watts(640), 100)));
  }

  private GpuReading reading(double joules) {
    return new GpuReading(
        engine.snapshot().gpu(FIRST).orElseThrow().limits(),
        Optional.of(new Watts(401.25)),
        Optional.of(new Joules(joules)),
        OptionalDouble.of(0.98),
        OptionalInt.of(1410),
        OptionalInt.empty(),
        OptionalInt.of(54),
        Optional.of(Set.of(GpuReading.ClockEventReason.SW_POWER_CAP)),
        Optional.of(Duration.ofMillis(1500)),
        Optional.empty(),
        Optional.of(GpuReading.Activity.of(0.98, 1410, GpuReading.Activity.Source.CLOCK)));
  }

  private static PowerLimits limits(Watts watts) {
    return new PowerLimits(watts, watts);
  }
}
