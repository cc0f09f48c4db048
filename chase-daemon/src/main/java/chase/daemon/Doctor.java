package chase.daemon;

import chase.carbon.CarbonProvider;
import chase.carbon.CarbonUnavailable;
import chase.carbon.EnergyPrice;
import chase.carbon.ProviderCheck;
import chase.carbon.http.ProxyRules;
import chase.daemon.cli.LocalActions;
import chase.daemon.config.CarbonConfig;
import chase.daemon.config.ChaseConfig;
import chase.daemon.config.ConfigException;
import chase.daemon.config.GpuConfig;
import chase.daemon.gpu.DriverCall;
import chase.daemon.gpu.GpuBackend;
import chase.daemon.grid.GridSources;
import chase.daemon.grid.ProviderCheckLog;
import chase.daemon.grid.SignalSettings;
import chase.daemon.host.Capabilities;
import chase.daemon.host.DefaultPaths;
import chase.daemon.host.PathState;
import chase.daemon.host.RaplZones;
import chase.zeus.engine.SafetyRules;
import chase.zeus.gpu.Gpu;
import chase.zeus.gpu.GpuException;
import chase.zeus.gpu.Gpus;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Looks at everything that a daemon with this configuration needs, and changes nothing but for a
 * file that it makes and removes in the state directory.
 *
 * @param config the configuration
 * @param platform the process's environment, where secrets may be kept, and its clocks
 * @param process the kernel's file with this process's capabilities
 * @param unit the service's unit, where Chase is installed
 */
record Doctor(ChaseConfig config, Platform platform, Path process, Path unit) {
  private static final Logger LOG = System.getLogger(Doctor.class.getName());
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(1);
  private static final String CARBON = "carbon";
  private static final Path THIS_PROCESS = Path.of("/proc/self/status");
  private static final Path UNIT = Path.of(DefaultPaths.UNIT);

  Doctor(ChaseConfig config, Platform platform) {
    this(config, platform, THIS_PROCESS, UNIT);
  }

  List<LocalActions.Finding> findings() {
    List<LocalActions.Finding> findings = new ArrayList<>();
    findings.addAll(gpus());
    findings.add(rights());
    findings.add(stateDirectory());
    findings.add(group());
    host().ifPresent(findings::add);
    findings.addAll(grid());
    return findings;
  }

  /** The driver and every GPU on a thread of its own: what hangs is a finding as well. */
  private List<LocalActions.Finding> gpus() {
    Duration deadline = config.gpu().callDeadline();
    DriverCall<Gpus> opening =
        DriverCall.start("doctor-driver", GpuBackend.driver(config.gpu(), platform.clock())::open);
    try {
      return gpus(opening.await(deadline), deadline);
    } catch (GpuException e) {
      opening.onLateResult(Gpus::close);
      return List.of(LocalActions.Finding.wrong("driver", String.valueOf(e.getMessage())));
    }
  }

  private List<LocalActions.Finding> gpus(Gpus gpus, Duration deadline) {
    List<LocalActions.Finding> findings = new ArrayList<>();
    List<Gpu> open = new ArrayList<>();
    List<DriverCall<Gpu>> calls = new ArrayList<>();
    gpus.slots()
        .forEach(slot -> calls.add(DriverCall.start("doctor-gpu-" + slot.index(), slot::open)));
    DriverCall.awaitAll(calls, deadline);
    for (int i = 0; i < calls.size(); i++) {
      try {
        Gpu gpu = calls.get(i).resultAfter(deadline);
        open.add(gpu);
        findings.add(gpu(gpu));
      } catch (GpuException e) {
        findings.add(LocalActions.Finding.wrong("gpu", named(i, String.valueOf(e.getMessage()))));
      }
    }
    findings.addFirst(driver(open, calls.size()));
    close(gpus);
    return findings;
  }

  private static String named(int index, String why) {
    String name = "GPU " + index;
    return why.startsWith(name) ? why : name + ": " + why;
  }

  /** A driver that hangs as it closes is left behind with its thread. */
  private static void close(Gpus gpus) {
    try {
      DriverCall.start(
              "doctor-close",
              () -> {
                gpus.close();
                return true;
              })
          .await(CLOSE_TIMEOUT);
    } catch (GpuException e) {
      LOG.log(Level.DEBUG, "the driver does not close: " + e.getMessage());
    }
  }

  private LocalActions.Finding driver(List<Gpu> open, int counted) {
    if (counted == 0) {
      return LocalActions.Finding.wrong("driver", "it shows no GPU");
    }
    if (open.isEmpty()) {
      return LocalActions.Finding.wrong("driver", "none of its " + counted + " GPUs can be opened");
    }
    String version = open.getFirst().traits().driverVersion();
    return config.gpu().backend() == GpuConfig.Backend.SIMULATED
        ? LocalActions.Finding.note("driver", "the GPUs are simulated (gpu.backend)")
        : LocalActions.Finding.ok("driver", version + ", GPUs: " + counted);
  }

  private static LocalActions.Finding gpu(Gpu gpu) {
    String name =
        String.format(Locale.ROOT, "GPU %d, %s", gpu.traits().index(), gpu.traits().model());
    return gpu.traits()
        .unwritable()
        .map(why ->
            LocalActions.Finding.note("gpu", name + ": observed, never written (" + why + ")"))
        .orElseGet(() ->
            LocalActions.Finding.ok(
                "gpu",
                name
                    + gpu.traits()
                        .powerRange()
                        .map(range -> ", limits from %s to %s".formatted(range.min(), range.max()))
                        .orElse("")));
  }

  /** Nothing is set to find out. */
  private LocalActions.Finding rights() {
    if (config.mode() == SafetyRules.Mode.OBSERVE) {
      return LocalActions.Finding.ok("rights", "mode observe sets no limits and needs none");
    }
    if (config.gpu().backend() == GpuConfig.Backend.SIMULATED) {
      return LocalActions.Finding.ok("rights", "simulated GPUs need none");
    }
    if (new Capabilities(process).hasSysAdmin()) {
      return LocalActions.Finding.ok("rights", "this user may set power limits");
    }
    return isInstalled()
        ? LocalActions.Finding.note(
            "rights",
            "this user may not set power limits; the service may: its unit gives it CAP_SYS_ADMIN")
        : LocalActions.Finding.wrong(
            "rights",
            "power limits need CAP_SYS_ADMIN: run as root, as the service does, or with mode:"
                + " observe");
  }

  /** Then the daemon is a service with rights of its own, and this process is not it. */
  private boolean isInstalled() {
    return Files.exists(unit);
  }

  private LocalActions.Finding stateDirectory() {
    Path directory = config.stateDirectory();
    String name = "state";
    return switch (PathState.of(directory)) {
      case MISSING ->
          LocalActions.Finding.note(
              name,
              directory
                  + " is not there yet; the daemon makes it when it starts, except in observe"
                  + " mode");
      case FORBIDDEN -> LocalActions.Finding.note(name, unknown(directory));
      case PRESENT -> writable(name, directory);
    };
  }

  private LocalActions.Finding writable(String name, Path directory) {
    if (!Files.isDirectory(directory)) {
      return LocalActions.Finding.wrong(name, directory + " is no directory; the daemon needs one");
    }
    try {
      Files.delete(Files.createTempFile(directory, "doctor", null));
      return LocalActions.Finding.ok(name, directory + " can be written");
    } catch (AccessDeniedException e) {
      return isInstalled()
          ? LocalActions.Finding.note(name, unknown(directory))
          : LocalActions.Finding.wrong(name, directory + " cannot be written by this user");
    } catch (IOException e) {
      return LocalActions.Finding.wrong(name, directory + " cannot be written: " + e.getMessage());
    }
  }

  private static String unknown(Path path) {
    return "this user may not look into " + path + ", which is the daemon's: sudo chase doctor";
  }

  private LocalActions.Finding group() {
    String group = config.control().group();
    try {
      config
          .control()
          .socket()
          .getFileSystem()
          .getUserPrincipalLookupService()
          .lookupPrincipalByGroupName(group);
      return LocalActions.Finding.ok(
          "group", "members of '" + group + "' may use the control socket");
    } catch (IOException e) {
      return LocalActions.Finding.note(
          "group", "there is no group '" + group + "': only the daemon's user may use the socket");
    } catch (UnsupportedOperationException e) {
      return LocalActions.Finding.note("group", "this file system knows no groups");
    }
  }

  private Optional<LocalActions.Finding> host() {
    if (!config.host().measure()) {
      return Optional.empty();
    }
    List<String> remarks = new ArrayList<>();
    int packages =
        new RaplZones(RaplZones.SYSTEM, remarks::add, () -> {}, platform.nanos()).read().size();
    return Optional.of(
        packages > 0
            ? LocalActions.Finding.ok(
                "host",
                String.format(Locale.ROOT, "the energy of %d CPU packages can be read", packages))
            : LocalActions.Finding.wrong("host", String.join("; ", remarks)));
  }

  private List<LocalActions.Finding> grid() {
    GridSources grid;
    try {
      grid = GridSources.of(config, platform.environment(), platform.clock());
    } catch (ConfigException.Forbidden e) {
      return List.of(
          isInstalled()
              ? LocalActions.Finding.note(
                  CARBON, e.getMessage() + "; the daemon may: sudo chase doctor")
              : LocalActions.Finding.wrong(CARBON, String.valueOf(e.getMessage())));
    } catch (ConfigException | IllegalArgumentException e) {
      return List.of(LocalActions.Finding.wrong(CARBON, String.valueOf(e.getMessage())));
    }
    try {
      return providers(grid);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return List.of(LocalActions.Finding.wrong(CARBON, "interrupted"));
    } finally {
      grid.close();
    }
  }

  private List<LocalActions.Finding> providers(GridSources grid) throws InterruptedException {
    List<LocalActions.Finding> findings = new ArrayList<>();
    if (!grid.settings().hasProvider()) {
      findings.add(
          LocalActions.Finding.note(
              CARBON,
              "no provider is configured: policies that weigh the grid keep every original limit"));
    }
    proxy().ifPresent(findings::add);
    for (CarbonProvider provider : grid.checkedProviders()) {
      ProviderCheck access = provider.check();
      findings.add(
          access.usable()
              ? LocalActions.Finding.ok(CARBON, access.message())
              : LocalActions.Finding.wrong(CARBON, ProviderCheckLog.line(access)));
    }
    if (config.carbon().provider() == CarbonConfig.CarbonProviderName.TRACE) {
      findings.add(
          LocalActions.Finding.note(CARBON, "the grid is a recording (carbon.provider: trace)"));
    }
    if (grid.settings().price().isPresent()) {
      findings.add(price(grid.settings().price().get()));
    }
    return findings;
  }

  /** The proxy of the providers; that it is unfit is a finding of the grid already. */
  private Optional<LocalActions.Finding> proxy() {
    if (!GridSources.isNetworked(config)) {
      return Optional.empty();
    }
    try {
      return Optional.of(config.http().rules(platform.environment()))
          .filter(ProxyRules::any)
          .map(rules ->
              LocalActions.Finding.ok(
                  "proxy", "providers are reached through " + rules.description()));
    } catch (ConfigException | IllegalArgumentException e) {
      return Optional.of(LocalActions.Finding.wrong("proxy", String.valueOf(e.getMessage())));
    }
  }

  private static LocalActions.Finding price(SignalSettings.PriceSettings signal)
      throws InterruptedException {
    try {
      EnergyPrice now = signal.source().current();
      return LocalActions.Finding.ok(
          "price", "%s %s: %s now".formatted(now.provider(), now.region(), now.value()));
    } catch (CarbonUnavailable failure) {
      return LocalActions.Finding.wrong("price", String.valueOf(failure.getMessage()));
    }
  }
}
