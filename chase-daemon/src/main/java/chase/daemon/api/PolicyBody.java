package chase.daemon.api;

/**
 * The host's policy, asked for and told: {@code /v1/policy}.
 *
 * @param policy one word, such as {@code max}, {@code fixed:250} or {@code chase:0.24}
 */
public record PolicyBody(String policy) {}
