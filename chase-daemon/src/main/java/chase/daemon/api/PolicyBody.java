package chase.daemon.api;

import java.util.Map;
import java.util.Optional;

/**
 * The policies in force: {@code GET /v1/policy}. A job's goes before its GPU's, and that before the
 * host's.
 *
 * @param policy the host's in one word, such as {@code max}, {@code fixed:250} or {@code
 *     chase:0.24}
 * @param promise what it promises a job, such as {@code at most 3 % slower}; no key where nothing
 * @param gpus those of single GPUs, by UUID, where there are any
 * @param jobs those that decide about jobs, by id, where there are any
 */
public record PolicyBody(
    String policy,
    Optional<String> promise,
    Optional<Map<String, String>> gpus,
    Optional<Map<String, String>> jobs) {

  /**
   * Asks for another policy: {@code PUT /v1/policy}.
   *
   * @param policy one word, such as {@code budget:0.03}
   * @param gpu for this GPU only
   * @param job for this job only
   */
  public record PolicyRequest(String policy, Optional<String> gpu, Optional<String> job) {}
}
