package chase.daemon.zeusd;

import chase.daemon.governor.Governor;
import chase.daemon.host.CpuEnergy;
import chase.zeus.engine.GpuView;
import chase.zeus.engine.Snapshot;
import chase.zeus.gpu.GpuId;
import chase.zeus.gpu.GpuSettings;
import chase.zeus.unit.Watts;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** zeusd's paths on a router. Parameters are in the query string; bodies are not looked at. */
public final class ZeusdRoutes {
  private static final Duration PROCESS_POLL_PERIOD = Duration.ofSeconds(1);

  private final Governor governor;
  private final Supplier<List<CpuEnergy>> cpuEnergy;
  private final Supplier<Optional<String>> whyNoCpus;
  private final InstantSource clock;
  private final ZeusdReplies replies = new ZeusdReplies();
  private final GpuReads reads;
  private final GpuWrites writes;
  private final LeaseHolders leaseHolders;

  /**
   * Paths that are not mounted yet.
   *
   * @param cpuEnergy the energy of the CPU packages, none where it cannot be read; blocks, and is
   *     called by one thread
   * @param whyNoCpus why it cannot, in a line, once that was tried
   * @param lease reads how long a lease lasts after the last request of its holder
   */
  public ZeusdRoutes(
      Governor governor,
      Supplier<List<CpuEnergy>> cpuEnergy,
      Supplier<Optional<String>> whyNoCpus,
      InstantSource clock,
      Supplier<Duration> lease) {
    this.governor = governor;
    this.cpuEnergy = cpuEnergy;
    this.whyNoCpus = whyNoCpus;
    this.clock = clock;
    this.reads = new GpuReads(governor, clock, replies);
    this.leaseHolders = new LeaseHolders(governor, clock);
    this.writes = new GpuWrites(governor, clock, lease, leaseHolders, replies);
  }

  /**
   * Adds the paths to {@code router}, and ends from now on the leases of processes that are gone.
   * Call it on the context of the server.
   */
  public void mount(Vertx vertx, Router router) {
    CpuReads cpus = new CpuReads(vertx, cpuEnergy, clock, replies);
    PowerStreams<Watts> streams =
        new PowerStreams<>(vertx, index -> governor.powerDraw(gpus().id(index)), this::event);
    get(router, "/discover", context -> discover(context, cpus));
    get(router, "/time", this::time);
    get(router, "/auth/whoami", ZeusdRoutes::whoami);
    mountReads(router, streams);
    mountWrites(router);
    cpu(router, cpus, "/cpu/get_cumulative_energy", cpus::energy);
    cpu(router, cpus, "/cpu/get_power", cpus::power);
    cpu(router, cpus, "/cpu/stream_power", cpus::stream);
    vertx.setPeriodic(
        PROCESS_POLL_PERIOD.toMillis(), tick -> leaseHolders.endLeasesOfEndedProcesses());
  }

  private void mountReads(Router router, PowerStreams<Watts> streams) {
    get(router, "/gpu/get_cumulative_energy", reads::energy);
    get(router, "/gpu/get_power", reads::power);
    get(router, "/gpu/get_power_limit", reads::limit);
    get(router, "/gpu/get_power_limit_constraints", reads::constraints);
    get(router, "/gpu/get_persistence_mode", reads::persistence);
    get(router, "/gpu/stream_power", context -> stream(context, streams));
  }

  private void mountWrites(Router router) {
    post(router, "/gpu/set_power_limit", writes::limit);
    post(router, "/gpu/set_persistence_mode", writes::persistence);
    post(
        router,
        "/gpu/set_gpu_locked_clocks",
        c -> writes.lockClocks(c, GpuSettings.ClockDomain.GPU));
    post(
        router,
        "/gpu/set_mem_locked_clocks",
        c -> writes.lockClocks(c, GpuSettings.ClockDomain.MEMORY));
    post(
        router,
        "/gpu/reset_gpu_locked_clocks",
        c -> writes.unlockClocks(c, GpuSettings.ClockDomain.GPU));
    post(
        router,
        "/gpu/reset_mem_locked_clocks",
        c -> writes.unlockClocks(c, GpuSettings.ClockDomain.MEMORY));
    post(router, "/gpu/reset_locked_clocks", writes::unlockAllClocks);
  }

  private void get(Router router, String path, Consumer<RoutingContext> work) {
    router.get(path).handler(context -> replies.handle(context, work));
  }

  private void post(Router router, String path, Consumer<RoutingContext> work) {
    router.post(path).handler(context -> replies.handle(context, work));
  }

  /** A host whose CPUs report nothing has no such group of paths. */
  private void cpu(Router router, CpuReads cpus, String path, Consumer<RoutingContext> work) {
    get(
        router,
        path,
        context -> {
          if (cpus.packages().isEmpty()) {
            throw ZeusdReplies.ZeusdException.of(
                404,
                "cpu-read is disabled: "
                    + whyNoCpus.get().orElse("no CPU here reports its energy (RAPL)"));
          }
          work.accept(context);
        });
  }

  private void discover(RoutingContext context, CpuReads cpus) {
    var here = context.vertx().getOrCreateContext();
    Discovery.of(
            governor,
            cpus.packages(),
            answer -> ZeusdReplies.ResponseDeadline.within(context.vertx(), answer, false))
        .onSuccess(
            found -> here.runOnContext(back -> replies.json(context, found.into(replies.object()))))
        .onFailure(fault -> here.runOnContext(back -> context.fail(fault)));
  }

  private void time(RoutingContext context) {
    replies.json(context, replies.object().put("timestamp_ms", clock.instant().toEpochMilli()));
  }

  private static void whoami(RoutingContext context) {
    throw ZeusdReplies.ZeusdException.of(
        404, "there is no sign-in here: the permissions of the socket's file say who may use it");
  }

  private void stream(RoutingContext context, PowerStreams<Watts> streams) {
    GpusByIndex gpus = gpus();
    List<Integer> wanted =
        QueryParameters.of(context.request(), "gpu_ids")
            .devices("gpu_ids", "GPU")
            .orElse(gpus.indices());
    List<Integer> unknown = wanted.stream().filter(i -> !gpus.indices().contains(i)).toList();
    if (!unknown.isEmpty()) {
      throw ZeusdReplies.ZeusdException.of(
          400, "Unknown GPU indices: %s. Available: %s".formatted(unknown, gpus.indices()));
    }
    streams.open(context, wanted);
  }

  private String event(int index, Watts draw) {
    return replies
        .object()
        .put("timestamp_ms", clock.instant().toEpochMilli())
        .put("gpu_id", index)
        .put("power_mw", draw.toMilliwatts())
        .toString();
  }

  private GpusByIndex gpus() {
    return new GpusByIndex(governor.snapshot());
  }

  /**
   * The GPUs by the numbers that zeusd calls them by, which are the driver's.
   *
   * @param snapshot the engine's state
   */
  record GpusByIndex(Snapshot snapshot) {
    List<Integer> indices() {
      return snapshot.gpus().stream().map(gpu -> gpu.traits().index()).toList();
    }

    GpuView view(int index) {
      return find(index).orElseThrow();
    }

    GpuId id(int index) {
      return view(index).traits().id();
    }

    /** The first of {@code indices} that is no GPU's. */
    Optional<Integer> unknown(List<Integer> indices) {
      return indices.stream().filter(index -> find(index).isEmpty()).findFirst();
    }

    private Optional<GpuView> find(int index) {
      return snapshot.gpus().stream().filter(gpu -> gpu.traits().index() == index).findFirst();
    }

    /**
     * The address as {@code lspci -D} writes it, from the driver's, whose domain has eight digits;
     * blank where the driver reports none.
     */
    static String pciAddress(GpuView gpu) {
      return gpu.traits()
          .pciBusId()
          .map(id -> id.toLowerCase(Locale.ROOT).replaceFirst("^0000(?=[0-9a-f]{4}:)", ""))
          .orElse("");
    }
  }
}
