package chase.daemon.zeusd;

import chase.daemon.zeusd.CpuPackages.CpuPackage;
import chase.daemon.zeusd.CpuPackages.Energy;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** What CPU packages tell. Power is the energy of a short time, divided by it. */
final class CpuReads {
  private final Vertx vertx;
  private final CpuPackages cpus;
  private final InstantSource clock;
  private final Replies replies;
  private final PowerStreams<CpuPower> streams;

  /** The last counters of the packages that somebody listens to. */
  private final Map<Integer, Counted> counted = new HashMap<>();

  private record Counted(Energy energy, Instant at) {}

  /** Draws in milliwatts. */
  private record CpuPower(long packageMilliwatts, OptionalLong dramMilliwatts) {
    static CpuPower between(Counted before, Counted after) {
      double micros = Math.max(1, Duration.between(before.at, after.at).toNanos() / 1e3);
      OptionalLong dram =
          before.energy.dramMicrojoules().isPresent() && after.energy.dramMicrojoules().isPresent()
              ? OptionalLong.of(
                  milliwatts(
                      before.energy.dramMicrojoules().getAsLong(),
                      after.energy.dramMicrojoules().getAsLong(),
                      micros))
              : OptionalLong.empty();
      return new CpuPower(
          milliwatts(before.energy.packageMicrojoules(), after.energy.packageMicrojoules(), micros),
          dram);
    }

    private static long milliwatts(long before, long after, double micros) {
      return Math.round(Math.max(0, after - before) * 1000 / micros);
    }

    ObjectNode into(ObjectNode node) {
      node.put("cpu_mw", packageMilliwatts);
      return put(node, "dram_mw", dramMilliwatts);
    }
  }

  CpuReads(Vertx vertx, ZeusdNeeds needs, Replies replies) {
    this.vertx = vertx;
    this.cpus = needs.cpus();
    this.clock = needs.clock();
    this.replies = replies;
    this.streams = new PowerStreams<>(vertx, this::powerSinceLast, this::event);
  }

  boolean areThere() {
    return !cpus.all().isEmpty();
  }

  List<? extends CpuPackage> all() {
    return cpus.all();
  }

  void energy(RoutingContext context) {
    Query query = Query.of(context.request(), "cpu_ids", "cpu", "dram");
    boolean cpu = query.yes("cpu");
    boolean dram = query.yes("dram");
    replies.each(
        context,
        wanted(query),
        this::read,
        told -> {
          ObjectNode body = replies.object();
          told.forEach((id, counted) -> write(body.putObject(id.toString()), counted, cpu, dram));
          replies.json(context, body);
        });
  }

  private static void write(ObjectNode node, Counted counted, boolean cpu, boolean dram) {
    Energy energy = counted.energy;
    put(
        node,
        "cpu_energy_uj",
        cpu ? OptionalLong.of(energy.packageMicrojoules()) : OptionalLong.empty());
    put(node, "dram_energy_uj", dram ? energy.dramMicrojoules() : OptionalLong.empty());
  }

  void power(RoutingContext context) {
    replies.each(
        context,
        wanted(Query.of(context.request(), "cpu_ids")),
        this::powerNow,
        told -> {
          ObjectNode body = replies.object().put("timestamp_ms", clock.instant().toEpochMilli());
          ObjectNode power = body.putObject("power_mw");
          told.forEach((id, draw) -> draw.into(power.putObject(id.toString())));
          replies.json(context, body);
        });
  }

  void stream(RoutingContext context) {
    streams.open(context, wanted(Query.of(context.request(), "cpu_ids")));
  }

  private String event(int id, CpuPower power) {
    ObjectNode event =
        replies.object().put("timestamp_ms", clock.instant().toEpochMilli()).put("cpu_id", id);
    return power.into(event).toString();
  }

  private Future<CpuPower> powerNow(int id) {
    return read(id)
        .compose(before ->
            vertx
                .timer(PowerStreams.PERIOD.toMillis())
                .compose(waited -> read(id))
                .map(after -> CpuPower.between(before, after)));
  }

  /** The first sample of a stream is that of its first two readings. */
  private Future<CpuPower> powerSinceLast(int id) {
    return read(id)
        .compose(now -> {
          Counted before = counted.put(id, now);
          boolean recent = before != null && Duration.between(before.at, now.at).toSeconds() < 1;
          return recent
              ? Future.succeededFuture(CpuPower.between(before, now))
              : Future.failedFuture("nothing to compare with yet");
        });
  }

  private Future<Counted> read(int id) {
    CpuPackage cpu =
        cpus.all().stream().filter(known -> known.id() == id).findFirst().orElseThrow();
    return vertx.executeBlocking(() -> new Counted(cpu.read(), clock.instant()), false);
  }

  private List<Integer> wanted(Query query) {
    List<Integer> known = cpus.all().stream().map(CpuPackage::id).toList();
    List<Integer> wanted = query.devices("cpu_ids", "CPU").orElse(known);
    wanted.stream()
        .filter(id -> !known.contains(id))
        .findFirst()
        .ifPresent(id -> {
          throw ZeusdFailure.of(400, "CPU %d not found".formatted(id));
        });
    return wanted;
  }

  private static ObjectNode put(ObjectNode node, String name, OptionalLong value) {
    return value.isPresent() ? node.put(name, value.getAsLong()) : node.putNull(name);
  }
}
