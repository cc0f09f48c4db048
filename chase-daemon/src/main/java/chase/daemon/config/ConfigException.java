package chase.daemon.config;

/** The configuration cannot be used; the message is one line that names the offending thing. */
public final class ConfigException extends Exception {
  /** A refusal for people to read. */
  public ConfigException(String message) {
    super(message);
  }
}
