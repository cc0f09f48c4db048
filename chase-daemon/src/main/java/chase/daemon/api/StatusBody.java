package chase.daemon.api;

import java.time.Instant;
import java.util.List;

/**
 * The whole daemon at one moment: {@code GET /v1/status}.
 *
 * @param version the daemon's version
 * @param at the time of the last thing that happened
 * @param mode {@code control} or {@code observe}
 * @param paused whether an operator paused Chase
 * @param policy the host's policy in one word, such as {@code chase:0.24}
 * @param host what the host draws for each GPU
 * @param signal the grid
 * @param gpus every card, in the driver's order
 */
public record StatusBody(
    String version,
    Instant at,
    String mode,
    boolean paused,
    String policy,
    Host host,
    SignalBody signal,
    List<GpuBody> gpus) {
  /** Copies the list. */
  public StatusBody {
    gpus = List.copyOf(gpus);
  }

  /**
   * The host's draw, which is part of every decision.
   *
   * @param wattsPerGpu processor, memory and fans, for each GPU
   * @param basis {@code configured} or {@code measured}
   */
  public record Host(double wattsPerGpu, String basis) {}
}
