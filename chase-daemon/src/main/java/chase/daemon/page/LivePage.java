package chase.daemon.page;

import chase.carbon.CarbonIntensity;
import chase.daemon.api.JobBody;
import chase.daemon.api.NotificationBody;
import chase.daemon.api.PageBody;
import chase.daemon.api.PageBody.GridWindowBody;
import chase.daemon.api.PageBody.IntensityBody;
import chase.daemon.api.PageBody.OverrideBody;
import chase.daemon.api.PageBody.PageControlBody;
import chase.daemon.api.PageBody.PageGpuBody;
import chase.daemon.api.PageBody.PageServerBody;
import chase.daemon.api.PageBody.PlaybackBody;
import chase.daemon.api.PageBody.ShownTimeBody;
import chase.daemon.api.PageBody.ThrottleBody;
import chase.daemon.api.PageHistoryBody;
import chase.daemon.api.StatusBody;
import chase.daemon.bodies.GpuBodies;
import chase.daemon.explain.GpuExplanation;
import chase.daemon.explain.GridWindow;
import chase.daemon.explain.IntensityLevel;
import chase.daemon.explain.ThrottleText;
import chase.daemon.grid.GridPast;
import chase.daemon.grid.GridState;
import chase.daemon.ledger.Ledger;
import chase.zeus.engine.GpuView;
import chase.zeus.engine.Reason;
import chase.zeus.engine.Snapshot;
import chase.zeus.gpu.GpuReading;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** The page of the running daemon. */
final class LivePage implements PageSource {
  private static final Duration DAY = Duration.ofDays(1);

  /** More of an outlook would press the past into a corner of the chart. */
  private static final Duration LONGEST_OUTLOOK = Duration.ofDays(2);

  /** A job's progress moves its plan this slowly. */
  private static final Duration PLAN_GOOD_FOR = Duration.ofMinutes(1);

  private static final double PERIOD_SECONDS = 1;

  private final PageSettings settings;
  private final Supplier<GpuBodies> daemon;
  private final Supplier<GridPast> past;
  private final RecentEvents events;
  private final PageTotals totals;
  private final PagePlans plans;
  private final GpuHistory history;

  /**
   * A page that begins to record with its first {@link #tick}.
   *
   * @param daemon reads the daemon's state
   * @param past reads the grid's past
   */
  LivePage(
      PageSettings settings,
      Supplier<GpuBodies> daemon,
      Supplier<GridPast> past,
      Ledger ledger,
      RecentEvents events) {
    this.settings = settings;
    this.daemon = daemon;
    this.past = past;
    this.events = events;
    this.plans = new PagePlans(inGridTime(PLAN_GOOD_FOR));
    this.totals = new PageTotals(ledger, settings.zone());
    this.history = new GpuHistory(settings.instance(), daemon.get().now(), inGridTime(DAY));
  }

  private Duration inGridTime(Duration duration) {
    return Duration.ofNanos(Math.round(duration.toNanos() / settings.speed()));
  }

  @Override
  public void tick() {
    GpuBodies now = daemon.get();
    history.add(now.snapshot(), now.now());
  }

  @Override
  public PageHistoryBody history() {
    return history.body();
  }

  @Override
  public PageHistoryBody pointsSince(long second) {
    return history.pointsSince(second);
  }

  @Override
  public PageBody page() {
    GpuBodies bodies = daemon.get();
    Instant now = bodies.now();
    GridState grid = bodies.grid();
    GridPast before = past.get();
    StatusBody status = bodies.status(settings.version());
    Instant end = GridColumns.end(grid, inGridTime(LONGEST_OUTLOOK), now);
    GridColumns columns = new GridColumns(grid, before, end, now);
    PageNotices notices =
        new PageNotices(bodies.snapshot(), grid, bodies.driver(), settings.speed(), now);
    List<CarbonIntensity> outlook = outlook(grid, end, now);
    return new PageBody(
        server(),
        now,
        control(status, bodies.snapshot(), notices.isStopping()),
        notices.all(),
        PageNotices.recordingText(grid, settings.speed())
            .map(text -> new PlaybackBody(settings.speed(), text)),
        new ShownTimeBody(now.minus(inGridTime(DAY)), end),
        status.signal(),
        intensity(grid, before, now),
        GridWindow.clean(outlook).map(window -> window(window, now)),
        GridWindow.dirty(outlook).map(window -> window(window, now)),
        GridWindow.RULE,
        columns.pastBody(),
        columns.aheadBody(),
        columns.pricesBody(),
        bodies.snapshot().gpus().stream().map(gpu -> gpu(bodies, gpu)).toList(),
        plans.at(bodies.snapshot(), end, now),
        bodies.jobs().stream().map(this::job).toList(),
        totals.at(now),
        events());
  }

  private PageServerBody server() {
    return new PageServerBody(
        settings.version(),
        settings.instance(),
        settings.hostName(),
        settings.zone().getId(),
        settings.startedAt(),
        PERIOD_SECONDS,
        settings.userNames());
  }

  private static PageControlBody control(StatusBody status, Snapshot snapshot, boolean stopping) {
    return new PageControlBody(
        status.mode(),
        status.paused(),
        status.pausedSince(),
        status.pausedUntil(),
        stopping,
        status.policy(),
        snapshot.policy().boundText(),
        status.host());
  }

  private Optional<IntensityBody> intensity(GridState grid, GridPast before, Instant now) {
    return grid.current()
        .filter(current -> grid.trustedAt(now))
        .flatMap(current ->
            IntensityLevel.of(current, before.intensities(), grid.forecast(), inGridTime(DAY), now))
        .map(level ->
            new IntensityBody(
                GpuBodies.word(level.level()),
                level.text(),
                level.low(),
                level.high(),
                GpuBodies.word(level.basis())));
  }

  /** The running period, where it may be acted on, and what follows. */
  private static List<CarbonIntensity> outlook(GridState grid, Instant end, Instant now) {
    return Stream.concat(
            grid.current().filter(current -> grid.trustedAt(now) && current.covers(now)).stream(),
            grid.forecast().stream().filter(period -> period.validFrom().isBefore(end)))
        .toList();
  }

  private static GridWindowBody window(GridWindow window, Instant now) {
    return new GridWindowBody(window.from(), window.to(), window.grams(), window.text(now));
  }

  private PageGpuBody gpu(GpuBodies bodies, GpuView known) {
    GpuView gpu = known.asOf(bodies.now());
    return new PageGpuBody(
        settings.userNames() ? bodies.gpu(known) : UserNames.withoutHolder(bodies.gpu(known)),
        shown(
            new GpuExplanation(bodies.snapshot(), gpu, bodies.grid(), bodies.now()).text(), bodies),
        gpu.reading()
            .flatMap(GpuReading::clockEventReasons)
            .map(reasons ->
                new ThrottleBody(
                    reasons.stream().sorted().map(GpuBodies::word).toList(),
                    ThrottleText.of(reasons))),
        gpu.reason() instanceof Reason.Overridden(Instant until)
            ? Optional.of(new OverrideBody(gpu.target().map(watts -> watts.value()), until))
            : Optional.empty());
  }

  /** Labels and what a job measures of itself are for those who may use the control socket. */
  private JobBody job(JobBody job) {
    JobBody.Identity who = job.identity();
    return new JobBody(
        new JobBody.Identity(
            who.id(),
            who.name(),
            who.origin(),
            settings.userNames() ? who.user() : Optional.empty(),
            Map.of(),
            who.gpus()),
        job.policy(),
        job.throughputSource(),
        job.startedAt(),
        job.heardAt(),
        job.goal(),
        job.speed(),
        job.advice(),
        job.profile(),
        Map.of(),
        Optional.empty());
  }

  private String shown(String text, GpuBodies bodies) {
    return settings.userNames()
        ? text
        : UserNames.withoutHolders(text, bodies.snapshot().leases().values());
  }

  private List<NotificationBody> events() {
    return events.newestFirst().stream()
        .filter(event -> settings.userNames() || !UserNames.isIn(event.text()))
        .map(GpuBodies::notification)
        .toList();
  }
}
