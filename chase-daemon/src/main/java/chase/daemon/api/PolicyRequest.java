package chase.daemon.api;

import java.util.Optional;

/**
 * Asks for another policy: {@code PUT /v1/policy}.
 *
 * @param policy one word, such as {@code budget:0.03}
 * @param gpu for this GPU only
 * @param job for this job only
 */
public record PolicyRequest(String policy, Optional<String> gpu, Optional<String> job) {}
