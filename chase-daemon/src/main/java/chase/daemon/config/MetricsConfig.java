package chase.daemon.config;

/**
 * The metrics page.
 *
 * @param enabled whether there is one
 * @param host the address to listen on
 * @param port the TCP port, 0 for any free one
 */
public record MetricsConfig(boolean enabled, String host, int port) {
  private static final int HIGHEST_PORT = 65_535;

  /** Refuses ports that do not exist. */
  public MetricsConfig {
    if (port < 0 || port > HIGHEST_PORT) {
      throw new IllegalArgumentException("port must lie in 0 to " + HIGHEST_PORT + ": " + port);
    }
  }

  static MetricsConfig read(Section section) throws ConfigException {
    boolean enabled = section.yes("enabled", true);
    String host = section.text("host").orElse("127.0.0.1");
    int port = section.integer("port", 9478);
    return section.build(() -> new MetricsConfig(enabled, host, port));
  }
}
