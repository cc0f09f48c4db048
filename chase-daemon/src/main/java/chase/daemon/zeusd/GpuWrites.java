package chase.daemon.zeusd;

import chase.daemon.gpu.KnobTurn;
import chase.zeus.engine.Event;
import chase.zeus.engine.Lease;
import chase.zeus.engine.Mode;
import chase.zeus.gpu.ClockDomain;
import chase.zeus.gpu.ClockRange;
import chase.zeus.gpu.GpuId;
import chase.zeus.unit.Watts;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * What clients set on GPUs. Whoever sets something leases the GPU. A client that does not wait is
 * told only of mistakes in its request, as by zeusd.
 */
final class GpuWrites {
  private static final System.Logger LOG = System.getLogger(GpuWrites.class.getName());

  private final ZeusdNeeds needs;
  private final Holders holders;
  private final Replies replies;

  GpuWrites(ZeusdNeeds needs, Holders holders, Replies replies) {
    this.needs = needs;
    this.holders = holders;
    this.replies = replies;
  }

  void limit(RoutingContext context) {
    Query query = Query.of(context.request(), "gpu_ids", "power_limit_mw", "block");
    Watts limit = Watts.ofMilliwatts(query.number("power_limit_mw"));
    write(
        context,
        query,
        (gpu, holder) -> needs.gpus().command(lease(gpu, Optional.of(limit), holder)));
  }

  void persistence(RoutingContext context) {
    Query query = Query.of(context.request(), "gpu_ids", "enabled", "block");
    turn(context, query, new KnobTurn.Persistence(query.yes("enabled")));
  }

  void lockClocks(RoutingContext context, ClockDomain domain) {
    Query query = Query.of(context.request(), "gpu_ids", "min_clock_mhz", "max_clock_mhz", "block");
    long min = query.number("min_clock_mhz");
    long max = query.number("max_clock_mhz");
    write(
        context,
        query,
        (gpu, holder) ->
            needs
                .gpus()
                .turn(
                    new KnobTurn.LockClocks(domain, range(min, max)),
                    lease(gpu, Optional.empty(), holder)));
  }

  private static ClockRange range(long min, long max) {
    if (max > Integer.MAX_VALUE) {
      throw new IllegalArgumentException("no clock of " + max + " MHz");
    }
    return new ClockRange((int) Math.min(min, Integer.MAX_VALUE), (int) max);
  }

  void unlockClocks(RoutingContext context, ClockDomain domain) {
    turn(
        context,
        Query.of(context.request(), "gpu_ids", "block"),
        new KnobTurn.UnlockClocks(domain));
  }

  /** Both kinds, so that one that fails does not keep the other locked. */
  void unlockAllClocks(RoutingContext context) {
    write(
        context,
        Query.of(context.request(), "gpu_ids", "block"),
        (gpu, holder) ->
            Future.join(
                unlock(gpu, holder, ClockDomain.GPU), unlock(gpu, holder, ClockDomain.MEMORY)));
  }

  private Future<Boolean> unlock(GpuId gpu, Lease.Holder holder, ClockDomain domain) {
    return needs
        .gpus()
        .turn(new KnobTurn.UnlockClocks(domain), lease(gpu, Optional.empty(), holder));
  }

  private void turn(RoutingContext context, Query query, KnobTurn wish) {
    write(
        context,
        query,
        (gpu, holder) -> needs.gpus().turn(wish, lease(gpu, Optional.empty(), holder)));
  }

  private Event.LeaseTaken lease(GpuId gpu, Optional<Watts> limit, Lease.Holder holder) {
    Instant now = needs.clock().instant();
    return new Event.LeaseTaken(gpu, limit, holder, now.plus(needs.lease()), now);
  }

  private void write(
      RoutingContext context, Query query, BiFunction<GpuId, Lease.Holder, Future<?>> write) {
    requireControl();
    List<Integer> indices = query.requiredDevices("gpu_ids", "GPU");
    boolean block = query.yes("block");
    Fleet fleet = new Fleet(needs.gpus().snapshot());
    fleet
        .unknown(indices)
        .ifPresent(index -> {
          throw ZeusdFailure.text(400, "GPU index %d does not exist.".formatted(index));
        });
    Lease.Holder holder = Holders.of(context.request().connection());
    Optional<ProcessHandle> process = Holders.process(context.request().connection());
    Function<Integer, Future<Boolean>> written =
        index ->
            write
                .apply(fleet.id(index), holder)
                .map(done -> true)
                .onSuccess(done -> holders.watch(fleet.id(index), process));
    if (block) {
      replies.each(context, indices, written, done -> replies.done(context));
    } else {
      indices.forEach(index -> dispatched(index, written));
      replies.done(context);
    }
  }

  private void requireControl() {
    if (needs.gpus().snapshot().mode() == Mode.OBSERVE) {
      throw ZeusdFailure.of(404, "gpu-control is disabled: Chase only observes (mode: observe)");
    }
  }

  /** Nobody waits for what comes of it, so that the log is all there is to tell. */
  private static void dispatched(int index, Function<Integer, Future<Boolean>> written) {
    Replies.quietly(() -> written.apply(index))
        .onFailure(trouble ->
            LOG.log(
                System.Logger.Level.WARNING,
                "a client of Zeus's API that did not wait did not get what it asked of GPU %d: %s"
                    .formatted(index, trouble.getMessage())));
  }
}
