package chase.daemon.api;

import java.time.Instant;
import java.util.List;

/** The whole daemon at one moment: {@code GET /v1/status}. */
public record StatusBody(
    String version,
    Instant at,
    String mode,
    boolean paused,
    String policy,
    HostBody host,
    SignalBody signal,
    List<GpuBody> gpus) {
  /** Copies the list. */
  public StatusBody {
    gpus = List.copyOf(gpus);
  }

  /** The host's draw, which is part of every decision. */
  public record HostBody(double wattsPerGpu, String basis) {}
}
