package chase.daemon.zeusd;

import chase.daemon.explain.HoldText;
import chase.daemon.governor.Governor;
import chase.zeus.engine.Snapshot;
import chase.zeus.gpu.GpuException;
import chase.zeus.gpu.GpuException.Kind;
import chase.zeus.gpu.PowerRange;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Function;

/** What GPUs report, read at this moment. */
final class GpuReads {
  private final Governor governor;
  private final InstantSource clock;
  private final ZeusdReplies replies;

  GpuReads(Governor governor, InstantSource clock, ZeusdReplies replies) {
    this.governor = governor;
    this.clock = clock;
    this.replies = replies;
  }

  void energy(RoutingContext context) {
    byGpu(
        context,
        gpus -> index -> governor.energy(gpus.id(index)),
        (body, joules) -> body.put("energy_mj", Math.round(joules.value() * 1000)));
  }

  void power(RoutingContext context) {
    ZeusdRoutes.GpusByIndex gpus = new ZeusdRoutes.GpusByIndex(governor.snapshot());
    replies.forEachDevice(
        context,
        wanted(context, gpus),
        index -> governor.powerDraw(gpus.id(index)),
        draws -> {
          ObjectNode body = replies.object().put("timestamp_ms", clock.instant().toEpochMilli());
          ObjectNode power = body.putObject("power_mw");
          draws.forEach((index, draw) -> power.put(index.toString(), draw.toMilliwatts()));
          replies.json(context, body);
        });
  }

  /** The limit that the GPU has, also where a client set another one. */
  void limit(RoutingContext context) {
    replies.addHeldHeader(context, holds());
    byGpu(
        context,
        gpus -> index -> governor.powerLimits(gpus.id(index)),
        (body, limits) -> body.put("power_limit_mw", limits.requested().toMilliwatts()));
  }

  /** The leased GPUs at another limit than their lease's. */
  private Map<Integer, String> holds() {
    Map<Integer, String> holds = new TreeMap<>();
    Snapshot now = governor.snapshot();
    now.gpus().stream()
        .filter(gpu ->
            now.leaseOn(gpu.traits().id()).filter(lease -> lease.limit().isPresent()).isPresent())
        .forEach(gpu -> HoldText.of(gpu).ifPresent(why -> holds.put(gpu.traits().index(), why)));
    return holds;
  }

  void constraints(RoutingContext context) {
    byGpu(
        context,
        gpus -> index -> range(gpus, index),
        (body, range) ->
            body.put("min_power_limit_mw", range.min().toMilliwatts())
                .put("max_power_limit_mw", range.max().toMilliwatts()));
  }

  private static Future<PowerRange> range(ZeusdRoutes.GpusByIndex gpus, int index) {
    return gpus.view(index)
        .traits()
        .powerRange()
        .map(Future::succeededFuture)
        .orElseGet(() ->
            Future.failedFuture(
                new GpuException(Kind.REFUSED, "GPU " + index + " reports no power limits")));
  }

  void persistence(RoutingContext context) {
    byGpu(
        context,
        gpus -> index -> governor.persistenceMode(gpus.id(index)),
        (body, on) -> body.put("enabled", on));
  }

  private <T> void byGpu(
      RoutingContext context,
      Function<ZeusdRoutes.GpusByIndex, Function<Integer, Future<T>>> reading,
      BiConsumer<ObjectNode, T> write) {
    ZeusdRoutes.GpusByIndex gpus = new ZeusdRoutes.GpusByIndex(governor.snapshot());
    replies.forEachDevice(
        context,
        wanted(context, gpus),
        reading.apply(gpus),
        readings -> {
          ObjectNode body = replies.object();
          readings.forEach((index, value) -> write.accept(body.putObject(index.toString()), value));
          replies.json(context, body);
        });
  }

  private static List<Integer> wanted(RoutingContext context, ZeusdRoutes.GpusByIndex gpus) {
    List<Integer> wanted =
        QueryParameters.of(context.request(), "gpu_ids")
            .devices("gpu_ids", "GPU")
            .orElse(gpus.indices());
    gpus.unknown(wanted)
        .ifPresent(index -> {
          throw ZeusdReplies.ZeusdException.of(
              400, String.format(Locale.ROOT, "GPU %d not found", index));
        });
    return wanted;
  }
}
