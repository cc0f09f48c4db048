package chase.daemon.doctor;

import chase.daemon.api.CheckBody;
import chase.daemon.config.ChaseConfig;
import chase.daemon.host.Capabilities;
import chase.daemon.host.DefaultPaths;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Checks, from the side of whoever runs a command, what a daemon with this configuration would
 * need.
 *
 * @param config the configuration
 * @param environment the process's environment variables, where secrets may be kept
 * @param clock the wall clock
 * @param nanos a clock that never goes back, from anywhere on
 * @param process what the kernel shows of this process
 * @param unit the service's unit, where Chase is installed
 */
public record Doctor(
    ChaseConfig config,
    Map<String, String> environment,
    InstantSource clock,
    LongSupplier nanos,
    Capabilities process,
    Path unit) {
  /** A doctor of this host. */
  public Doctor(
      ChaseConfig config,
      Map<String, String> environment,
      InstantSource clock,
      LongSupplier nanos) {
    this(
        config,
        environment,
        clock,
        nanos,
        Capabilities.ofThisProcess(),
        Path.of(DefaultPaths.UNIT));
  }

  /** Everything but what the host alone decides. */
  public List<CheckBody> checks() {
    // Then the daemon is a service with rights of its own, and this process is not it.
    boolean installed = Files.exists(unit);
    FileChecks files = new FileChecks(config, environment);
    PrivateFiles secrets = new PrivateFiles(config);
    RightsChecks rights = new RightsChecks(config, process);
    List<CheckBody> checks = new ArrayList<>(GpuChecks.byOpening(config.gpu(), clock));
    checks.add(rights.ofCaller(installed));
    Optional<String> remedy =
        installed ? Optional.of("it is the daemon's: sudo chase doctor") : Optional.empty();
    checks.add(files.stateDirectory(remedy));
    files.left(remedy).ifPresent(checks::add);
    checks.addAll(files.roles());
    checks.addAll(secrets.secrets());
    checks.addAll(secrets.crashes());
    rights.cpuEnergy(nanos).ifPresent(checks::add);
    DatabaseCheck.of(config.batchSizes(), environment).ifPresent(checks::add);
    checks.addAll(new GridChecks(config, environment).ofOwnSources(clock));
    return checks;
  }

  /**
   * What is the same for every process of this host.
   *
   * @param daemon the process of the daemon that answers
   */
  public static List<CheckBody> hostChecks(Optional<Long> daemon) {
    List<CheckBody> checks = new ArrayList<>(HostChecks.all());
    checks.addAll(RivalChecks.SYSTEM.all(daemon));
    return checks;
  }
}
