package chase.daemon;

import io.vertx.core.Vertx;
import java.time.Clock;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.function.LongSupplier;

/**
 * What only {@link Main} takes from the operating system.
 *
 * @param environment the process's environment variables
 * @param clock the wall clock
 * @param nanos a clock that never goes back, from anywhere on
 * @param vertx makes a Vert.x with that many event loops
 */
record Platform(
    Map<String, String> environment, Clock clock, LongSupplier nanos, IntFunction<Vertx> vertx) {}
