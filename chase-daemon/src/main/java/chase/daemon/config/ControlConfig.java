package chase.daemon.config;

import java.nio.file.Path;
import java.time.Duration;

/**
 * The control socket.
 *
 * @param socket its path
 * @param group the group that may use it
 * @param lease how long a GPU that a client of Zeus's API sets is his, after he last set something
 */
public record ControlConfig(Path socket, String group, Duration lease) {
  private static final Duration USUAL_LEASE = Duration.ofHours(1);
  private static final Range<Duration> LEASE = Range.times("1s", "30d");

  /** Takes a relative path from the working directory; a socket's address needs an absolute one. */
  public ControlConfig {
    socket = socket.toAbsolutePath().normalize();
  }

  static ControlConfig read(Section section) throws ConfigException {
    Path otherwise =
        Path.of(section.environment().getOrDefault("CHASE_SOCKET", "/run/chase/chase.sock"));
    Path socket = section.path("socket").orElse(otherwise);
    String group = section.text("group").orElse("chase");
    Duration lease = section.duration("lease", USUAL_LEASE, LEASE);
    return section.build(() -> new ControlConfig(socket, group, lease));
  }
}
