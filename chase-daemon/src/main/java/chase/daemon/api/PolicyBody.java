package chase.daemon.api;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * The policies in force: {@code GET /v1/policy}. A job's goes before its GPU's, and that before the
 * host's.
 */
public record PolicyBody(
    String policy,
    Optional<String> promise,
    Optional<Map<String, String>> gpus,
    Optional<Map<String, String>> jobs,
    Optional<Map<String, Instant>> unconfirmed) {

  /**
   * Asks for another policy: {@code PUT /v1/policy}.
   *
   * @param confirm in what time it must be confirmed; one that stays where it is absent
   */
  public record PolicyRequest(
      String policy, Optional<String> gpu, Optional<String> job, Optional<String> confirm) {}
}
