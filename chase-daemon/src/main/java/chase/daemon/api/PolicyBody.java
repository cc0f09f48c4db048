package chase.daemon.api;

import java.util.Map;

/**
 * The policies in force: {@code GET /v1/policy}. A job's goes before its GPU's, and that before the
 * host's.
 *
 * @param policy the host's in one word, such as {@code max}, {@code fixed:250} or {@code
 *     chase:0.24}
 * @param gpus those of single GPUs, by UUID
 * @param jobs those that decide about jobs, by id
 */
public record PolicyBody(String policy, Map<String, String> gpus, Map<String, String> jobs) {
  /** Copies the maps. */
  public PolicyBody {
    gpus = Map.copyOf(gpus);
    jobs = Map.copyOf(jobs);
  }
}
