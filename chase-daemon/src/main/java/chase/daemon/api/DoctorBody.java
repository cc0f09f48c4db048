package chase.daemon.api;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What the daemon is and what it finds wrong for itself: {@code GET /v1/doctor}. */
public record DoctorBody(DaemonBody daemon, List<CheckBody> checks) {
  /** Copies the list. */
  public DoctorBody {
    checks = List.copyOf(checks);
  }

  /** The daemon as a process; paths are absolute. */
  public record DaemonBody(
      String version,
      long pid,
      Instant startedAt,
      String user,
      String effectiveCapabilities,
      boolean maySetLimits,
      String mode,
      Optional<String> configuration,
      String stateDirectory,
      String socket,
      Optional<String> page,
      Optional<String> zeusApi) {}
}
