package chase.daemon.control;

import chase.carbon.http.CallCounts;
import chase.daemon.api.StatusBody;
import chase.daemon.bodies.ConfigBodies;
import chase.daemon.bodies.GpuBodies;
import chase.daemon.governor.Governor;
import chase.daemon.grid.GridState;
import chase.daemon.grid.SignalArchive;
import chase.daemon.ledger.EmissionsMeter.EmissionTotals;
import chase.daemon.ledger.GpuOwners;
import chase.daemon.reload.ConfigState;
import chase.zeus.engine.Event;
import chase.zeus.engine.GpuView;
import chase.zeus.engine.Snapshot;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The daemon as the API shows it and commands it. Any thread may call.
 *
 * @param grid reads the grid's state
 * @param calls reads how often each provider was called
 * @param emissions reads what each GPU emitted since Chase started
 * @param config reads which configuration is in force
 * @param archive reads where the signal's past is kept
 * @param version Chase's version
 */
public record ApiState(
    Governor governor,
    Supplier<GridState> grid,
    Supplier<List<CallCounts>> calls,
    Supplier<EmissionTotals> emissions,
    Supplier<ConfigState> config,
    Supplier<SignalArchive> archive,
    InstantSource clock,
    String version) {
  Snapshot snapshot() {
    return governor.snapshot();
  }

  Instant now() {
    return clock.instant();
  }

  /**
   * Executes a command; completes on the request's context, and fails as {@link Governor#command}
   * says.
   */
  Future<Snapshot> command(RoutingContext context, Event.Command command) {
    return ResponseWriter.onContext(context, governor.command(command));
  }

  /** The GPU that a path names. */
  GpuView gpu(Snapshot snapshot, RoutingContext context) {
    return gpu(snapshot, Objects.requireNonNull(context.pathParam("gpu")));
  }

  /**
   * The one GPU that {@code name} means.
   *
   * @throws ApiException 503 when it means one that never answered; else see {@link Lookup#gpu}
   */
  GpuView gpu(Snapshot snapshot, String name) {
    try {
      return Lookup.gpu(snapshot, name);
    } catch (ApiException unknown) {
      throw Lookup.unanswered(governor.unanswered(), name).orElse(unknown);
    }
  }

  /** The daemon at this moment. */
  StatusBody status() {
    return status(snapshot());
  }

  /** The daemon with the engine in that state. */
  StatusBody status(Snapshot snapshot) {
    return bodies(snapshot).status(version, Optional.of(ConfigBodies.state(config.get())));
  }

  /** The bodies of this moment. */
  public GpuBodies bodies() {
    return bodies(snapshot());
  }

  /** The bodies of an engine's state, with everything else as it is now. */
  GpuBodies bodies(Snapshot snapshot) {
    return new GpuBodies(
        new GpuOwners(snapshot, governor.unregisteredProcesses()),
        grid.get(),
        emissions.get(),
        governor.driver(),
        governor.unanswered(),
        now());
  }
}
