package chase.daemon.config;

/**
 * The metrics page.
 *
 * @param enabled whether there is one
 * @param host the address to listen on
 * @param port the TCP port, 0 for any free one
 */
public record MetricsConfig(boolean enabled, String host, int port) {
  static final Range<Integer> PORT = Range.wholes(0, 65_535);

  static MetricsConfig read(Section section) throws ConfigException {
    boolean enabled = section.flag("enabled", true);
    String host = section.text("host").orElse("127.0.0.1");
    int port = section.integer("port", 9478, PORT);
    return section.build(() -> new MetricsConfig(enabled, host, port));
  }
}
