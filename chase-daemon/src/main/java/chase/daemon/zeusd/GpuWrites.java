package chase.daemon.zeusd;

import chase.daemon.access.Caller;
import chase.daemon.access.GpuUse;
import chase.daemon.explain.HoldText;
import chase.daemon.governor.Governor;
import chase.daemon.gpu.SettingChange;
import chase.daemon.host.HostProcess;
import chase.daemon.http.RequestFailures;
import chase.zeus.engine.Event;
import chase.zeus.engine.GpuView;
import chase.zeus.engine.Lease;
import chase.zeus.gpu.GpuException;
import chase.zeus.gpu.GpuId;
import chase.zeus.gpu.GpuSettings;
import chase.zeus.unit.Watts;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * What clients set on GPUs. A client that sets something leases the GPU. A client that does not
 * wait is notified only of mistakes in its request, as by zeusd. What Chase itself keeps from being
 * done is no error: {@link WriteHold} says why.
 */
final class GpuWrites {
  private static final System.Logger LOG = System.getLogger(GpuWrites.class.getName());

  private final Governor governor;
  private final InstantSource clock;
  private final Supplier<Duration> lease;
  private final LeaseHolders holders;
  private final ZeusdReplies replies;

  /** What was logged last of each, so that it is logged once. */
  private final Map<WriteRequest, String> logged = new ConcurrentHashMap<>();

  /**
   * One kind of write to one GPU: clocks that are set do not clear a limit that is not in force.
   */
  private record WriteRequest(String path, int index) {}

  GpuWrites(
      Governor governor,
      InstantSource clock,
      Supplier<Duration> lease,
      LeaseHolders holders,
      ZeusdReplies replies) {
    this.governor = governor;
    this.clock = clock;
    this.lease = lease;
    this.holders = holders;
    this.replies = replies;
  }

  void limit(RoutingContext context) {
    QueryParameters query =
        QueryParameters.of(context.request(), "gpu_ids", "power_limit_mw", "block");
    Watts limit = Watts.ofMilliwatts(query.number("power_limit_mw"));
    write(
        context,
        query,
        (gpu, holder) ->
            hasNoLimits(gpu)
                ? Future.failedFuture(
                    new GpuException(GpuException.Kind.REFUSED, "the GPU reports no power limits"))
                : governor
                    .command(lease(gpu, Optional.of(limit), holder))
                    .map(after -> after.gpu(gpu).flatMap(HoldText::of)));
  }

  /** As for zeusd, that is the GPU's own answer. */
  private boolean hasNoLimits(GpuId gpu) {
    return governor
        .snapshot()
        .gpu(gpu)
        .map(GpuView::traits)
        .filter(traits -> traits.powerRange().isEmpty() && traits.unwritable().isEmpty())
        .isPresent();
  }

  void persistence(RoutingContext context) {
    QueryParameters query = QueryParameters.of(context.request(), "gpu_ids", "enabled", "block");
    change(context, query, new SettingChange.PersistenceMode(query.flag("enabled")));
  }

  void lockClocks(RoutingContext context, GpuSettings.ClockDomain domain) {
    QueryParameters query =
        QueryParameters.of(context.request(), "gpu_ids", "min_clock_mhz", "max_clock_mhz", "block");
    long min = query.number("min_clock_mhz");
    long max = query.number("max_clock_mhz");
    write(
        context,
        query,
        (gpu, holder) ->
            governor
                .changeSetting(
                    new SettingChange.LockClocks(domain, range(min, max)),
                    lease(gpu, Optional.empty(), holder))
                .map(done -> Optional.empty()));
  }

  private static GpuSettings.ClockRange range(long min, long max) {
    if (max > Integer.MAX_VALUE) {
      throw new IllegalArgumentException("no clock of " + max + " MHz");
    }
    return new GpuSettings.ClockRange((int) Math.min(min, Integer.MAX_VALUE), (int) max);
  }

  void unlockClocks(RoutingContext context, GpuSettings.ClockDomain domain) {
    change(
        context,
        QueryParameters.of(context.request(), "gpu_ids", "block"),
        new SettingChange.UnlockClocks(domain));
  }

  /** Both kinds, so that one that fails does not keep the other locked. */
  void unlockAllClocks(RoutingContext context) {
    write(
        context,
        QueryParameters.of(context.request(), "gpu_ids", "block"),
        (gpu, holder) ->
            Future.join(
                    unlock(gpu, holder, GpuSettings.ClockDomain.GPU),
                    unlock(gpu, holder, GpuSettings.ClockDomain.MEMORY))
                .map(done -> Optional.empty()));
  }

  private Future<Boolean> unlock(GpuId gpu, Lease.Holder holder, GpuSettings.ClockDomain domain) {
    return governor.changeSetting(
        new SettingChange.UnlockClocks(domain), lease(gpu, Optional.empty(), holder));
  }

  private void change(RoutingContext context, QueryParameters query, SettingChange change) {
    write(
        context,
        query,
        (gpu, holder) ->
            governor
                .changeSetting(change, lease(gpu, Optional.empty(), holder))
                .map(done -> Optional.empty()));
  }

  private Event.LeaseTaken lease(GpuId gpu, Optional<Watts> limit, Lease.Holder holder) {
    Instant now = clock.instant();
    return new Event.LeaseTaken(gpu, limit, holder, now.plus(lease.get()), now);
  }

  /**
   * Writes each GPU.
   *
   * @param write does it; completes with why the GPU is held, where it is
   */
  private void write(
      RoutingContext context,
      QueryParameters query,
      BiFunction<GpuId, Lease.Holder, Future<Optional<String>>> write) {
    List<Integer> indices = query.requiredDevices("gpu_ids", "GPU");
    boolean block = query.flag("block");
    ZeusdRoutes.GpusByIndex gpus = new ZeusdRoutes.GpusByIndex(governor.snapshot());
    gpus.unknown(indices)
        .ifPresent(index -> {
          throw ZeusdReplies.ZeusdException.text(
              400, String.format(Locale.ROOT, "GPU index %d does not exist.", index));
        });
    lacking(context, gpus, indices)
        .onSuccess(lacking -> write(context, gpus, indices, block, lacking, write))
        .onFailure(context::fail);
  }

  /** The GPUs that the caller may not set now, and why; fails where others compute on one. */
  private Future<Map<Integer, String>> lacking(
      RoutingContext context, ZeusdRoutes.GpusByIndex gpus, List<Integer> indices) {
    Caller caller = Caller.of(context);
    if (caller.isOperator()) {
      return Future.succeededFuture(Map.of());
    }
    Promise<Map<GpuId, List<HostProcess>>> here = Promise.promise();
    Context own = context.vertx().getOrCreateContext();
    governor.processes().onComplete(found -> own.runOnContext(back -> here.handle(found)));
    return here.future()
        .map(computing -> {
          Map<Integer, String> lacking = new TreeMap<>();
          for (int index : indices) {
            whyNotYours(caller, new GpuUse(computing), gpus.id(index), index)
                .ifPresent(why -> lacking.put(index, why));
          }
          return lacking;
        });
  }

  /**
   * Whoever runs a job there may have registered it before it computes; while only others compute,
   * a job is no right to their limit.
   */
  private Optional<String> whyNotYours(Caller caller, GpuUse use, GpuId gpu, int index) {
    GpuUse.Standing standing = use.standing(caller, gpu, index);
    boolean registered =
        governor
            .snapshot()
            .jobOn(gpu)
            .filter(job -> caller.is(job.spec().uid(), job.spec().user()))
            .isPresent();
    return registered ? Optional.empty() : GpuUse.whyNotYours(standing, caller, index);
  }

  private void write(
      RoutingContext context,
      ZeusdRoutes.GpusByIndex gpus,
      List<Integer> indices,
      boolean block,
      Map<Integer, String> lacking,
      BiFunction<GpuId, Lease.Holder, Future<Optional<String>>> write) {
    Lease.Holder holder = LeaseHolders.of(context.request().connection());
    Optional<ProcessHandle> process = LeaseHolders.process(context.request().connection());
    Function<Integer, Future<Optional<String>>> written =
        index ->
            lacking.containsKey(index)
                ? Future.succeededFuture(Optional.of(lacking.get(index)))
                : write
                    .apply(gpus.id(index), holder)
                    .recover(failure -> held(context, failure))
                    .onComplete(done -> watch(gpus.id(index), holder, process));
    if (block) {
      Function<Integer, Future<Optional<String>>> soon =
          index -> withinDeadline(context.vertx(), written.apply(index));
      replies.forEachDevice(context, indices, soon, holds -> done(context, holds));
    } else {
      indices.forEach(index -> dispatched(writeRequest(context, index), written));
      replies.done(context);
    }
  }

  private static WriteRequest writeRequest(RoutingContext context, int index) {
    return new WriteRequest(context.normalizedPath(), index);
  }

  private static Future<Optional<String>> held(RoutingContext context, Throwable failure) {
    if (WriteHold.isBug(failure)) {
      RequestFailures.log(context, failure);
    }
    return WriteHold.of(failure)
        .map(why -> Future.succeededFuture(Optional.of(why)))
        .orElseGet(() -> Future.failedFuture(failure));
  }

  /**
   * The process that holds a lease now is watched, also where something keeps it from being in
   * force.
   */
  private void watch(GpuId gpu, Lease.Holder holder, Optional<ProcessHandle> process) {
    governor
        .snapshot()
        .leaseOn(gpu)
        .filter(lease -> lease.holder().equals(holder))
        .ifPresent(lease -> holders.watch(gpu, process));
  }

  private static Future<Optional<String>> withinDeadline(
      Vertx vertx, Future<Optional<String>> written) {
    return ZeusdReplies.ResponseDeadline.within(
        vertx, written, Optional.of("the GPU has not answered yet, and the write is under way"));
  }

  private void done(RoutingContext context, Map<Integer, Optional<String>> holds) {
    Map<Integer, String> held = new TreeMap<>();
    holds.forEach((index, hold) -> {
      hold.ifPresent(why -> held.put(index, why));
      logHold(writeRequest(context, index), hold);
    });
    replies.held(context, held);
  }

  private void logHold(WriteRequest request, Optional<String> hold) {
    if (hold.isEmpty()) {
      logged.remove(request);
    } else {
      log(
          System.Logger.Level.INFO,
          request,
          "what a client of Zeus's API set on GPU "
              + request.index()
              + " is not in force: "
              + hold.get());
    }
  }

  private void log(System.Logger.Level level, WriteRequest request, String words) {
    if (!words.equals(logged.put(request, words))) {
      LOG.log(level, words);
    }
  }

  /** No client waits for the result, so that it is logged. */
  private void dispatched(
      WriteRequest request, Function<Integer, Future<Optional<String>>> written) {
    ZeusdReplies.failedIfThrown(() -> written.apply(request.index()))
        .onSuccess(hold -> logHold(request, hold))
        .onFailure(failure ->
            log(
                System.Logger.Level.WARNING,
                request,
                "a write by a client of Zeus's API that did not wait failed on GPU "
                    + request.index()
                    + ": "
                    + failure.getMessage()));
  }
}
