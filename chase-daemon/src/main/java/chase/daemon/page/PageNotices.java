package chase.daemon.page;

import chase.carbon.CarbonIntensity;
import chase.carbon.Provenance;
import chase.daemon.api.PageBody.NoticeBody;
import chase.daemon.explain.GpuExplanation;
import chase.daemon.explain.GridText;
import chase.daemon.gpu.DriverState;
import chase.daemon.grid.GridState;
import chase.daemon.text.Numbers;
import chase.zeus.engine.GpuView;
import chase.zeus.engine.KeptState.OperatorPause;
import chase.zeus.engine.Reason;
import chase.zeus.engine.SafetyRules;
import chase.zeus.engine.Snapshot;
import chase.zeus.policy.PowerPolicy;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a reader has to know before all figures, the worst first; pure.
 *
 * @param snapshot the engine's state
 * @param grid the grid's state
 * @param driver where the GPU driver stands
 * @param speed how many seconds of the grid pass in one of the clock
 * @param now the moment at which the words have to be true
 */
record PageNotices(
    Snapshot snapshot, GridState grid, DriverState driver, double speed, Instant now) {
  private static final String WARNING = "warning";
  private static final String INFO = "info";

  List<NoticeBody> all() {
    return Stream.of(
            stopping(),
            driverTrouble().stream(),
            gpus().flatMap(this::silence),
            signal().stream(),
            paused(),
            gpus().flatMap(this::override),
            observing(),
            simulated(),
            recording().stream())
        .flatMap(notices -> notices)
        .toList();
  }

  private Stream<GpuView> gpus() {
    return snapshot.gpus().stream().map(gpu -> gpu.asOf(now));
  }

  /** Whether every limit is on its way back, for good. */
  boolean isStopping() {
    return snapshot.gpus().stream().anyMatch(gpu -> gpu.reason() instanceof Reason.ChaseStopping);
  }

  private Stream<NoticeBody> stopping() {
    return when(isStopping(), "stopping", WARNING, "Chase is stopping; every limit goes back.");
  }

  private Optional<NoticeBody> driverTrouble() {
    return switch (driver) {
      case DriverState.Open o -> Optional.empty();
      case DriverState.Missing missing ->
          Optional.of(
              notice("driver", WARNING, "There is no GPU driver: %s.".formatted(missing.why())));
      case DriverState.Released released ->
          Optional.of(
              new NoticeBody(
                  "driver",
                  INFO,
                  "An operator released the GPU driver until %s; no GPU is controlled."
                      .formatted(released.until().truncatedTo(ChronoUnit.SECONDS)),
                  Optional.empty(),
                  Optional.of(released.until())));
    };
  }

  private Stream<NoticeBody> silence(GpuView gpu) {
    String why = new GpuExplanation(snapshot, gpu, grid, now).reason().clause();
    return gpu.contact().answers() || gpu.contact().isReleased()
        ? Stream.empty()
        : Stream.of(
            notice("gpu", WARNING, "%s: %s.".formatted(name(gpu), why), gpu, Optional.empty()));
  }

  private Optional<NoticeBody> signal() {
    boolean unconfigured = grid.provider().equals(GridState.NO_PROVIDER);
    return new GridText(grid, now)
        .fault()
        .filter(fault -> weighsGrid(snapshot) && !grid.isWaiting())
        .map(fault ->
            notice(
                unconfigured ? "no_provider" : "signal",
                WARNING,
                "The signal cannot be trusted, so limits do not follow the grid: %s."
                    .formatted(fault)));
  }

  /** Whether any policy in force looks at the grid. */
  static boolean weighsGrid(Snapshot snapshot) {
    return Stream.concat(
            Stream.of(snapshot.policy()),
            snapshot.gpus().stream().map(gpu -> snapshot.policyOn(gpu.traits().id())))
        .anyMatch(PowerPolicy::weighsGrid);
  }

  private Stream<NoticeBody> paused() {
    Stream<NoticeBody> host =
        snapshot.pauses().host().stream()
            .map(pause ->
                new NoticeBody(
                    "paused",
                    INFO,
                    "An operator paused Chase%s; every GPU has its original limit."
                        .formatted(end(pause)),
                    Optional.empty(),
                    pause.until()));
    return Stream.concat(host, gpus().flatMap(this::paused));
  }

  private Stream<NoticeBody> paused(GpuView gpu) {
    return Optional.ofNullable(snapshot.pauses().gpus().get(gpu.traits().id())).stream()
        .map(pause ->
            notice(
                "paused",
                INFO,
                "An operator paused %s%s; it has its original limit."
                    .formatted(name(gpu), end(pause)),
                gpu,
                pause.until()));
  }

  private static String end(OperatorPause pause) {
    return pause.until().map(until -> " until " + until.truncatedTo(ChronoUnit.SECONDS)).orElse("");
  }

  private Stream<NoticeBody> override(GpuView gpu) {
    return gpu.reason() instanceof Reason.Overridden(Instant until)
        ? Stream.of(
            notice(
                "override",
                INFO,
                "An operator holds %s at %s until %s."
                    .formatted(
                        name(gpu),
                        gpu.target().map(String::valueOf).orElse("its limit"),
                        until.truncatedTo(ChronoUnit.SECONDS)),
                gpu,
                Optional.of(until)))
        : Stream.empty();
  }

  private Stream<NoticeBody> observing() {
    return when(
        snapshot.mode() == SafetyRules.Mode.OBSERVE,
        "observing",
        INFO,
        "Chase only observes: it sets no limit, and shows which ones it would set.");
  }

  private Stream<NoticeBody> simulated() {
    return when(
        snapshot.gpus().stream().anyMatch(gpu -> gpu.traits().simulated()),
        "simulated",
        INFO,
        "The GPUs are simulated: what they draw and save is arithmetic.");
  }

  private Optional<NoticeBody> recording() {
    return recordingText(grid, speed).map(text -> notice("simulated", INFO, text));
  }

  /** Such as {@code The grid is a recording, played 360 times as fast.} */
  static Optional<String> recordingText(GridState grid, double speed) {
    return grid.current()
        .map(CarbonIntensity::provenance)
        .filter(Provenance.Replayed.class::isInstance)
        .map(recorded ->
            speed == 1
                ? "The grid is a recording, not the grid of today."
                : "The grid is a recording, played %s times as fast."
                    .formatted(Numbers.threeDigits(speed)));
  }

  private static String name(GpuView gpu) {
    return "GPU " + gpu.traits().index();
  }

  private static Stream<NoticeBody> when(
      boolean condition, String kind, String severity, String text) {
    return condition ? Stream.of(notice(kind, severity, text)) : Stream.empty();
  }

  private static NoticeBody notice(String kind, String severity, String text) {
    return new NoticeBody(kind, severity, text, Optional.empty(), Optional.empty());
  }

  private static NoticeBody notice(
      String kind, String severity, String text, GpuView gpu, Optional<Instant> until) {
    return new NoticeBody(kind, severity, text, Optional.of(gpu.traits().id().uuid()), until);
  }
}
