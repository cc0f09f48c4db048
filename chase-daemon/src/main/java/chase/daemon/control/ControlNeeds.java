package chase.daemon.control;

import chase.carbon.http.CallCounts;
import chase.daemon.events.Notification;
import chase.daemon.events.Topic;
import chase.daemon.grid.GridState;
import chase.daemon.http.FailureCounter;
import chase.daemon.ledger.EmissionsMeter;
import chase.daemon.ledger.Ledger;
import chase.zeus.engine.Event;
import chase.zeus.engine.Snapshot;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import java.time.InstantSource;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * What the control socket needs from the rest of the daemon.
 *
 * @param snapshot the engine's state; any thread may ask
 * @param grid the grid's state; any thread may ask
 * @param calls how often each provider was asked; any thread may ask
 * @param commands does a command: completes with the state after it, once every order it caused was
 *     carried out; fails with {@link chase.daemon.events.CommandRefused} when nothing changed, and
 *     with {@link chase.daemon.events.CommandFailed} when a GPU did not do what it asks
 * @param emissions what each GPU emitted since Chase started; any thread may ask
 * @param ledger what was used, emitted and paid
 * @param processes the processes that compute on GPUs
 * @param notices what happens
 * @param requests counts what goes wrong with clients
 * @param clock the daemon's clock
 * @param version the daemon's version
 * @param guests adds paths that others answer on the same socket, on the server's context
 */
public record ControlNeeds(
    Supplier<Snapshot> snapshot,
    Supplier<GridState> grid,
    Supplier<List<CallCounts>> calls,
    Function<Event.Command, Future<Snapshot>> commands,
    Supplier<EmissionsMeter.EmissionTotals> emissions,
    Ledger ledger,
    Processes processes,
    Topic<Notification> notices,
    FailureCounter requests,
    InstantSource clock,
    String version,
    BiConsumer<Vertx, Router> guests) {}
