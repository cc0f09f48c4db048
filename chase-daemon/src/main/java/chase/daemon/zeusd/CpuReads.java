package chase.daemon.zeusd;

import chase.daemon.host.CpuEnergy;
import chase.daemon.zeusd.CpuMeter.EnergySample;
import chase.zeus.unit.Joules;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** The energy and power of CPU packages. Used on the server's event loop only. */
final class CpuReads {
  /** Older counters belong to an earlier client. */
  private static final Duration MAX_SAMPLE_AGE = Duration.ofSeconds(1);

  private final Vertx vertx;
  private final CpuMeter meter;
  private final InstantSource clock;
  private final ZeusdReplies replies;
  private final PowerStreams<CpuMeter.CpuPower> streams;

  /** The last counters of the packages that are streamed. */
  private final Map<Integer, EnergySample> lastSamples = new HashMap<>();

  CpuReads(Vertx vertx, Supplier<List<CpuEnergy>> cpus, InstantSource clock, ZeusdReplies replies) {
    this.vertx = vertx;
    this.meter = new CpuMeter(vertx, cpus, clock);
    this.clock = clock;
    this.replies = replies;
    this.streams = new PowerStreams<>(vertx, this::powerSinceLast, this::event);
  }

  List<CpuEnergy> packages() {
    return meter.packages();
  }

  void energy(RoutingContext context) {
    QueryParameters query = QueryParameters.of(context.request(), "cpu_ids", "cpu", "dram");
    boolean cpu = query.flag("cpu");
    boolean dram = query.flag("dram");
    replies.forEachDevice(
        context,
        wanted(query),
        meter::read,
        readings -> {
          ObjectNode body = replies.object();
          readings.forEach(
              (id, now) -> write(body.putObject(id.toString()), now.energy(), cpu, dram));
          replies.json(context, body);
        });
  }

  private static void write(ObjectNode node, CpuEnergy energy, boolean cpu, boolean dram) {
    put(node, "cpu_energy_uj", Optional.of(energy.cpu()).filter(readings -> cpu));
    put(node, "dram_energy_uj", energy.dram().filter(readings -> dram));
  }

  private static void put(ObjectNode node, String name, Optional<Joules> energy) {
    energy.ifPresentOrElse(
        joules -> node.put(name, Math.round(joules.value() * 1e6)), () -> node.putNull(name));
  }

  void power(RoutingContext context) {
    replies.forEachDevice(
        context,
        wanted(QueryParameters.of(context.request(), "cpu_ids")),
        this::powerNow,
        readings -> {
          ObjectNode body = replies.object().put("timestamp_ms", clock.instant().toEpochMilli());
          ObjectNode power = body.putObject("power_mw");
          readings.forEach((id, draw) -> draw.into(power.putObject(id.toString())));
          replies.json(context, body);
        });
  }

  void stream(RoutingContext context) {
    streams.open(context, wanted(QueryParameters.of(context.request(), "cpu_ids")));
  }

  private String event(int id, CpuMeter.CpuPower power) {
    ObjectNode event =
        replies.object().put("timestamp_ms", clock.instant().toEpochMilli()).put("cpu_id", id);
    return power.into(event).toString();
  }

  private Future<CpuMeter.CpuPower> powerNow(int id) {
    return meter
        .read(id)
        .compose(before ->
            vertx
                .timer(PowerStreams.PERIOD.toMillis())
                .compose(waited -> meter.read(id))
                .compose(after -> CpuMeter.CpuPower.checked(before, after)));
  }

  /** The first sample of a stream is that of its first two readings. */
  private Future<CpuMeter.CpuPower> powerSinceLast(int id) {
    return meter
        .read(id)
        .compose(now ->
            Optional.ofNullable(lastSamples.put(id, now))
                .filter(before -> now.at().isBefore(before.at().plus(MAX_SAMPLE_AGE)))
                .map(before -> CpuMeter.CpuPower.checked(before, now))
                .orElseGet(() -> Future.failedFuture("nothing to compare with yet")));
  }

  private List<Integer> wanted(QueryParameters query) {
    List<Integer> known = packages().stream().map(CpuEnergy::index).toList();
    List<Integer> wanted = query.devices("cpu_ids", "CPU").orElse(known);
    wanted.stream()
        .filter(id -> !known.contains(id))
        .findFirst()
        .ifPresent(id -> {
          throw ZeusdReplies.ZeusdException.of(
              400, String.format(Locale.ROOT, "CPU %d not found", id));
        });
    return wanted;
  }
}
