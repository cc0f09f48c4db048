package chase.daemon.config;

import java.nio.file.Path;

/**
 * The control socket.
 *
 * @param socket its path
 * @param group the group that may use it
 */
public record ControlConfig(Path socket, String group) {
  static ControlConfig read(Section section) throws ConfigException {
    Path otherwise =
        Path.of(section.environment().getOrDefault("CHASE_SOCKET", "/run/chase/chase.sock"));
    Path socket = section.path("socket").orElse(otherwise);
    String group = section.text("group").orElse("chase");
    return section.build(() -> new ControlConfig(socket, group));
  }
}
