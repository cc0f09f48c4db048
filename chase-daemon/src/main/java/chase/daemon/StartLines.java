package chase.daemon;

import chase.daemon.config.CarbonConfig.CarbonProviderName;
import chase.daemon.config.ChaseConfig;
import chase.daemon.config.PriceConfig.PriceProviderName;
import chase.daemon.text.RegionAdvice;
import chase.daemon.text.Version;
import chase.zeus.engine.PolicyScope;
import chase.zeus.engine.SafetyRules;
import chase.zeus.engine.Snapshot;
import chase.zeus.gpu.GpuId;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the log says once the daemon is ready.
 *
 * @param config what it runs with
 * @param file where that was read
 * @param port the port of its page, if there is one
 */
record StartLines(ChaseConfig config, Optional<Path> file, Optional<Integer> port) {
  /** What somebody should do, in one line; empty where nothing is to be done. */
  Optional<String> trouble(Snapshot snapshot) {
    boolean carbon = config.carbon().provider() != CarbonProviderName.NONE;
    boolean price = config.price().provider() != PriceProviderName.NONE;
    if (carbon || (price && config.weights().price() > 0)) {
      return Optional.empty();
    }
    String effect =
        snapshot.policy().weighsGrid()
            ? "every GPU keeps its original limit"
            : "nothing follows the grid and no emissions are counted";
    String where = file.map(path -> " in " + path).orElse("");
    String advice =
        config
            .carbon()
            .region()
            .map(region -> new RegionAdvice().withoutProvider(region) + where)
            .orElse(
                "set carbon.provider and carbon.region"
                    + where
                    + "; 'chase signal zones' lists both, those without a key first");
    return Optional.of("no provider is configured, so " + effect + ": " + advice);
  }

  /** What is missing to decide limits, and to learn what they would save; empty but in observe. */
  Optional<String> unknown(Snapshot snapshot) {
    String gpus =
        snapshot.gpus().stream()
            .filter(gpu -> gpu.traits().unwritable().isEmpty() && gpu.profile().isEmpty())
            .map(gpu -> String.valueOf(gpu.traits().index()))
            .collect(Collectors.joining(", "));
    boolean missing =
        config.mode() == SafetyRules.Mode.OBSERVE
            && snapshot.policy().needsProfile()
            && !gpus.isEmpty();
    return missing
        ? Optional.of(
            "observe mode measures no power profile, and none is known of GPU "
                + gpus
                + ": no limit is decided there and no saving is estimated; set gpu.profile"
                + file.map(path -> " in " + path).orElse("")
                + ", or mode: control, in which Chase measures the jobs (docs/policies.md)")
        : Optional.empty();
  }

  /** What runs, and where to find it. */
  String ready(Snapshot snapshot) {
    List<String> places = new ArrayList<>();
    file.ifPresent(path -> places.add("configuration " + path.toAbsolutePath().normalize()));
    places.add("socket " + config.control().socket());
    String served = config.metrics().page() ? "page " : "metrics ";
    port.ifPresent(open -> places.add(served + address(open)));
    return "Chase %s is ready: %s, %s, %s, %s; %s"
        .formatted(
            Version.ofThisBuild(),
            mode(),
            gpus(snapshot),
            policy(snapshot),
            provider(),
            String.join(", ", places));
  }

  /** What is in force, of which a restart may have kept more than the configuration has. */
  private String policy(Snapshot snapshot) {
    String host = "policy " + snapshot.policy().spec();
    if (!snapshot.policy().equals(config.policy())) {
      host += " (chosen by command; the configuration has %s)".formatted(config.policy().spec());
    }
    Stream<String> gpus =
        snapshot.gpus().stream()
            .flatMap(gpu ->
                exception(snapshot, gpu.traits().id()).stream()
                    .map(what ->
                        String.format(Locale.ROOT, "GPU %d %s", gpu.traits().index(), what)));
    Stream<String> jobs =
        snapshot.jobs().stream()
            .flatMap(job ->
                snapshot.requests().policy(new PolicyScope.OneJob(job.id())).stream()
                    .map(choice -> "job %s %s".formatted(job.id(), choice.policy().spec())));
    String exceptions = Stream.concat(gpus, jobs).collect(Collectors.joining(", "));
    String paused = snapshot.paused() ? ", paused" : "";
    return host + paused + (exceptions.isEmpty() ? "" : ", but " + exceptions);
  }

  /** What counts on a GPU instead of the host's policy. */
  private static Optional<String> exception(Snapshot snapshot, GpuId gpu) {
    if (snapshot.pauses().gpus().containsKey(gpu)) {
      return Optional.of("paused");
    }
    return Optional.ofNullable(snapshot.requests().overrides().get(gpu))
        .map(held -> "held at " + held.limit())
        .or(() -> snapshot.leaseOn(gpu).map(lease -> "leased by " + lease.holder()))
        .or(() ->
            snapshot
                .requests()
                .policy(new PolicyScope.OneGpu(gpu))
                .map(choice -> choice.policy().spec()));
  }

  private String mode() {
    return config.mode() == SafetyRules.Mode.OBSERVE
        ? "mode observe (sets no limit)"
        : "mode control";
  }

  private static String gpus(Snapshot snapshot) {
    int count = snapshot.gpus().size();
    boolean simulated =
        count > 0 && snapshot.gpus().stream().allMatch(gpu -> gpu.traits().simulated());
    return String.format(
        Locale.ROOT, "%d %sGPU%s", count, simulated ? "simulated " : "", count == 1 ? "" : "s");
  }

  private String provider() {
    String name = config.carbon().provider().name().toLowerCase(Locale.ROOT).replace('_', '-');
    return "provider " + name + config.carbon().region().map(region -> " " + region).orElse("");
  }

  private String address(int open) {
    String path = config.metrics().page() ? "" : "metrics";
    return config.metrics().tls().url(config.metrics().host(), open) + "/" + path;
  }
}
