package chase.daemon.reload;

import chase.daemon.config.AccessConfig;
import chase.daemon.config.ChaseConfig;
import chase.daemon.config.ConfigChanges;
import chase.daemon.governor.GovernorVerticle;
import chase.daemon.grid.GridFeed;
import chase.daemon.grid.GridSources;
import chase.daemon.grid.SignalWeights;
import chase.daemon.host.HostPowerMonitor;
import chase.daemon.text.LogLevel;
import chase.zeus.engine.Event;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The parts of a daemon that take another configuration while they run. What is read for every use,
 * such as whether metrics name users, is not among them.
 *
 * @param sources what {@code grid} polls
 * @param access looks up who may do what, which may block, and makes what puts that in force
 * @param logLevel is given the level of the log
 */
public record LiveParts(
    GovernorVerticle governor,
    GridFeed grid,
    AtomicReference<GridSources> sources,
    HostPowerMonitor hostPower,
    Function<AccessConfig, Runnable> access,
    Consumer<LogLevel> logLevel) {
  private static final List<String> PERIODS =
      List.of("gpu.telemetry-period", "jobs.process-period");

  /**
   * Applies a configuration that was validated. Nothing of it can fail, and all of it is done on
   * the one event loop that the parts share, so that nothing happens in between.
   *
   * @param others the sources that take the place of the present ones, if any
   * @param roles puts the roles in force
   */
  void apply(
      ConfigChanges changes,
      ChaseConfig before,
      Optional<GridSources> others,
      Runnable roles,
      Instant now) {
    ChaseConfig config = changes.inForce();
    double speed = sources.get().settings().speed();
    if (others.isPresent()) {
      GridSources present = sources.getAndSet(others.get());
      grid.replace(others.get().settings(), present::close);
    } else if (changes.touches("weights")) {
      grid.reweigh(new SignalWeights(config.weights().carbon(), config.weights().price()));
    }
    double speedNow = others.map(next -> next.settings().speed()).orElse(speed);
    if (!config.rules().equals(before.rules()) || changes.touches("policy") || speed != speedNow) {
      governor.handle(
          new Event.RulesChanged(
              config.rules().replayed(speedNow),
              changes.touches("policy") ? Optional.of(config.policy()) : Optional.empty(),
              now));
    }
    if (PERIODS.stream().anyMatch(changes::touches)) {
      governor.readEvery(config.gpu().telemetryPeriod(), config.jobs().processPeriod());
    }
    if (changes.touches("host")) {
      hostPower.apply(config.host().measure(), config.host().power());
    }
    roles.run();
    logLevel.accept(config.log().level());
  }
}
