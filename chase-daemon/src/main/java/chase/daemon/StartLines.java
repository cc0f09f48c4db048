package chase.daemon;

import chase.daemon.config.CarbonConfig.CarbonProviderName;
import chase.daemon.config.ChaseConfig;
import chase.daemon.config.PriceConfig.PriceProviderName;
import chase.daemon.text.RegionAdvice;
import chase.daemon.text.Version;
import chase.zeus.engine.SafetyRules;
import chase.zeus.engine.Snapshot;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What the log says once the daemon is ready.
 *
 * @param config what it runs with
 * @param file where that was read
 * @param port the port of its page, if there is one
 */
record StartLines(ChaseConfig config, Optional<Path> file, Optional<Integer> port) {
  /** What somebody should do, in one line; empty where nothing is to be done. */
  Optional<String> trouble() {
    boolean carbon = config.carbon().provider() != CarbonProviderName.NONE;
    boolean price = config.price().provider() != PriceProviderName.NONE;
    if (carbon || (price && config.weights().price() > 0)) {
      return Optional.empty();
    }
    String effect =
        config.policy().weighsGrid()
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
            && config.policy().needsProfile()
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
    return "Chase %s is ready: %s, %s, policy %s, %s; %s"
        .formatted(
            Version.ofThisBuild(),
            mode(),
            gpus(snapshot),
            config.policy().spec(),
            provider(),
            String.join(", ", places));
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
