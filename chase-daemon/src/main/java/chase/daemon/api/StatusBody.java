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
    SignalBody signal,
    List<GpuBody> gpus) {
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
