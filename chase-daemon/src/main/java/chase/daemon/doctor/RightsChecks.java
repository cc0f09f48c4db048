package chase.daemon.doctor;

import chase.daemon.api.CheckBody;
import chase.daemon.config.ChaseConfig;
import chase.daemon.config.GpuConfig;
import chase.daemon.host.Capabilities;
import chase.daemon.host.RaplZones;
import chase.zeus.engine.SafetyRules;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * What the kernel lets a process do with GPUs and CPUs. Nothing is set to find out.
 *
 * @param config the configuration
 * @param process what the kernel shows of the process
 */
record RightsChecks(ChaseConfig config, Capabilities process) {
  private static final String RIGHTS = "rights";

  /** Whether this mode needs rights at all, and the process has them where it does. */
  private Optional<CheckBody> settled(String who) {
    if (config.mode() == SafetyRules.Mode.OBSERVE) {
      return Optional.of(CheckBody.ok(RIGHTS, "mode observe sets no limit and needs no rights"));
    }
    if (config.gpu().backend() == GpuConfig.Backend.SIMULATED) {
      return Optional.of(CheckBody.ok(RIGHTS, "simulated GPUs need none"));
    }
    return process.hasSysAdmin()
        ? Optional.of(CheckBody.ok(RIGHTS, who + " may set power limits (CAP_SYS_ADMIN)"))
        : Optional.empty();
  }

  /** Those of the daemon itself. */
  CheckBody ofDaemon() {
    return settled("the daemon")
        .orElseGet(() ->
            CheckBody.failed(RIGHTS, "the daemon lacks CAP_SYS_ADMIN, which power limits need")
                .withRemedy("run it by its unit or as root, or set mode: observe"));
  }

  /**
   * Those of somebody who runs a command.
   *
   * @param installed whether there is a service, whose rights are others
   */
  CheckBody ofCaller(boolean installed) {
    return settled("this user")
        .orElseGet(() ->
            installed
                ? CheckBody.note(
                    RIGHTS, "this user may not set limits; the service has CAP_SYS_ADMIN")
                : CheckBody.failed(RIGHTS, "power limits need CAP_SYS_ADMIN")
                    .withRemedy("run as root, as the service does, or set mode: observe"));
  }

  /** Whether the CPUs' energy can be read, where it is to be. */
  Optional<CheckBody> cpuEnergy(LongSupplier nanos) {
    if (!config.host().measure()) {
      return Optional.empty();
    }
    List<String> remarks = new ArrayList<>();
    int packages = new RaplZones(RaplZones.SYSTEM, remarks::add, () -> {}, nanos).read().size();
    return Optional.of(
        packages > 0
            ? CheckBody.ok(
                "host", String.format(Locale.ROOT, "CPU packages with energy: %d", packages))
            : CheckBody.failed("host", String.join("; ", remarks)));
  }
}
