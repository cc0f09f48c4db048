package chase.daemon.gpu;

import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Ends the release of a driver without a command: when its time is over, or when its kernel module
 * was unloaded and is loaded again, so that the change is done. Used on one context.
 */
final class DriverRelease {
  /** How often the module is looked for. */
  private static final Duration PERIOD = Duration.ofSeconds(1);

  /** A new module is left alone for so many periods, while its devices are made. */
  private static final int SETTLING_PERIODS = 10;

  private final Vertx vertx;
  private final GpuBackend backend;
  private final Consumer<String> ended;
  private final long end;
  private final long watch;
  private Optional<String> module = Optional.empty();
  private boolean looked;
  private int periods;
  private boolean over;

  /**
   * Begins to watch.
   *
   * @param lasting how long the release lasts
   * @param ended receives why it is over, once
   */
  DriverRelease(Vertx vertx, GpuBackend backend, Duration lasting, Consumer<String> ended) {
    this.vertx = vertx;
    this.backend = backend;
    this.ended = ended;
    this.end = vertx.setTimer(Math.max(1, lasting.toMillis()), tick -> end("its time is over"));
    this.watch = vertx.setPeriodic(0, PERIOD.toMillis(), tick -> look());
  }

  private void look() {
    vertx.executeBlocking(backend::loadedModule).onSuccess(this::onLooked);
  }

  private void onLooked(Optional<String> found) {
    if (!looked) {
      looked = true;
      module = found;
    }
    periods = found.isPresent() && !found.equals(module) ? periods + 1 : 0;
    if (periods > SETTLING_PERIODS) {
      end("its kernel module was loaded anew");
    }
  }

  private void end(String why) {
    if (!over) {
      cancel();
      ended.accept(why);
    }
  }

  /** Ends nothing from now on. */
  void cancel() {
    over = true;
    vertx.cancelTimer(end);
    vertx.cancelTimer(watch);
  }
}
