package chase.daemon;

import chase.daemon.config.BatchSizesConfig;
import chase.daemon.config.ChaseConfig;
import chase.daemon.config.ConfigException;
import chase.daemon.control.ControlServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Makes sure, before any GPU is touched, that the daemon will be able to serve. Blocks. */
final class StartupChecks {
  /** Lower ports take a capability. */
  private static final int FIRST_UNPRIVILEGED_PORT = 1024;

  private StartupChecks() {}

  /**
   * Tries the control socket and the ports, and reads what protects the ports and the secrets of
   * the database of batch sizes.
   *
   * @param environment the process's environment variables, where secrets may be kept
   * @throws StartupException with one line that names what could not be had now
   */
  static void run(ChaseConfig config, Map<String, String> environment) throws StartupException {
    requireSocket(config);
    if (config.metrics().enabled()) {
      requirePort("metrics", config.metrics().host(), config.metrics().port());
    }
    BatchSizesConfig.ZeusApiConfig zeus = config.batchSizes().zeusApi();
    if (zeus.enabled()) {
      requirePort("Zeus's batch-size API", zeus.host(), zeus.port());
    }
    requireSecrets(config, environment);
  }

  /**
   * What {@code wanted} would lack at a start, a line each, as far as it differs from {@code
   * running}, which holds its own socket and ports.
   */
  static List<String> missing(
      ChaseConfig running, ChaseConfig wanted, Map<String, String> environment) {
    List<StartCheck> checks = new ArrayList<>();
    if (!wanted.control().socket().equals(running.control().socket())) {
      checks.add(() -> requireSocket(wanted));
    }
    ChaseConfig.MetricsConfig metrics = wanted.metrics();
    if (metrics.enabled()
        && !(running.metrics().enabled() && running.metrics().port() == metrics.port())) {
      checks.add(() -> requirePort("metrics", metrics.host(), metrics.port()));
    }
    BatchSizesConfig.ZeusApiConfig zeus = wanted.batchSizes().zeusApi();
    BatchSizesConfig.ZeusApiConfig served = running.batchSizes().zeusApi();
    if (zeus.enabled() && !(served.enabled() && served.port() == zeus.port())) {
      checks.add(() -> requirePort("Zeus's batch-size API", zeus.host(), zeus.port()));
    }
    checks.add(() -> requireSecrets(wanted, environment));
    List<String> missing = new ArrayList<>();
    for (StartCheck check : checks) {
      try {
        check.run();
      } catch (StartupException e) {
        missing.add(String.valueOf(e.getMessage()));
      }
    }
    return missing;
  }

  private interface StartCheck {
    void run() throws StartupException;
  }

  private static void requireSocket(ChaseConfig config) throws StartupException {
    try {
      ControlServer.requireFree(config.control().socket());
    } catch (ControlServer.SocketUnavailable e) {
      String why = String.valueOf(e.getMessage());
      throw e.isTemporary() ? StartupException.temporary(why) : StartupException.permanent(why);
    }
  }

  private static void requirePort(String server, String host, int port) throws StartupException {
    InetSocketAddress address = new InetSocketAddress(host, port);
    String refusal = "%s cannot listen on %s:%s: ".formatted(server, host, Integer.toString(port));
    if (address.isUnresolved()) {
      throw StartupException.temporary(refusal + "no such host is known");
    }
    try (ServerSocket probe = new ServerSocket()) {
      probe.setReuseAddress(true);
      probe.bind(address);
    } catch (IOException e) {
      String why = refusal + e.getMessage();
      boolean forbidden =
          port > 0 && port < FIRST_UNPRIVILEGED_PORT && why.contains("Permission denied");
      throw forbidden ? StartupException.permanent(why) : StartupException.temporary(why);
    }
  }

  private static void requireSecrets(ChaseConfig config, Map<String, String> environment)
      throws StartupException {
    BatchSizesConfig batchSizes = config.batchSizes();
    BatchSizesConfig.ZeusApiConfig zeus = batchSizes.zeusApi();
    try {
      if (batchSizes.database().isPresent()) {
        BatchSizesConfig.secret(batchSizes.user(), environment);
        BatchSizesConfig.secret(batchSizes.password(), environment);
      }
      if (config.metrics().enabled()) {
        config.metrics().credentials(environment);
      }
      if (zeus.enabled()) {
        zeus.credentials(environment);
      }
    } catch (ConfigException e) {
      throw StartupException.of(e);
    }
  }
}
