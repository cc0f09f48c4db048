package chase.daemon.config;

import chase.carbon.PlainLine;
import chase.daemon.host.PathState;
import java.nio.file.Path;
import java.util.Optional;

/** The configuration cannot be used; the message is one line that names the offending thing. */
public sealed class ConfigException extends Exception {
  private final Optional<String> key;

  /** A refusal for people to read. */
  public ConfigException(String message) {
    super(PlainLine.of(message));
    this.key = Optional.empty();
  }

  /** The same of one key or section, with all keys around it, such as {@code gpu.backend}. */
  ConfigException(String key, String message) {
    super(PlainLine.of(message));
    this.key = Optional.of(key);
  }

  /** The key or section that is refused, where it is a single one. */
  Optional<String> key() {
    return key;
  }

  /** A file that the configuration needs may not be read by this user; another user may. */
  public static final class Forbidden extends ConfigException {
    /** Says after {@code message} what helps; looks at {@code file}'s owners, so it blocks. */
    Forbidden(String message, Path file) {
      super(message + ": " + PathState.remedy(file, System.getProperty("user.name")));
    }
  }

  /** A file that the configuration names is not there, or cannot be read now; it may come yet. */
  public static final class Transient extends ConfigException {
    /** A refusal for people to read. */
    public Transient(String message) {
      super(message);
    }
  }
}
