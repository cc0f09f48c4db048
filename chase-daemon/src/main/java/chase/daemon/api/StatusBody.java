package chase.daemon.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The whole daemon at one moment: {@code GET /v1/status}. */
public record StatusBody(
    String version,
    Instant at,
    String mode,
    boolean paused,
    Optional<Instant> pausedSince,
    Optional<Instant> pausedUntil,
    String policy,
    HostBody host,
    DriverBody driver,
    SignalBody signal,
    List<GpuBody> gpus) {
  /** How long a driver is released where nobody says it. */
  public static final String DEFAULT_RELEASE = "10m";

  /** Copies the list. */
  public StatusBody {
    gpus = List.copyOf(gpus);
  }

  /**
   * Pauses Chase or one GPU: {@code POST /v1/pause}, {@code POST /v1/gpus/GPU/pause}.
   *
   * @param lasting how long; until somebody resumes where it is absent
   */
  public record PauseRequest(@JsonProperty("for") Optional<String> lasting) {}

  /**
   * The GPU driver; also the answer of {@code POST /v1/driver/release} and {@code POST
   * /v1/driver/reopen}.
   */
  public record DriverBody(String state, Optional<String> why, Optional<Instant> releasedUntil) {}

  /**
   * Restores all limits and closes the driver: {@code POST /v1/driver/release}.
   *
   * @param lasting how long, at most
   */
  public record ReleaseRequest(
      @JsonProperty(value = "for", defaultValue = "\"" + DEFAULT_RELEASE + "\"") String lasting) {}

  /** Who the daemon takes the caller for: {@code GET /v1/whoami}. */
  public record CallerBody(
      String user,
      Optional<Long> uid,
      Optional<Long> gid,
      List<Long> groups,
      Optional<Long> pid,
      Optional<String> role) {
    /** Copies the list. */
    public CallerBody {
      groups = List.copyOf(groups);
    }
  }

  /** The host's draw, which is part of every decision. */
  public record HostBody(double wattsPerGpu, String basis) {}
}
