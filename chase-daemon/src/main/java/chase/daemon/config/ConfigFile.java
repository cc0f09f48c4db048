package chase.daemon.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A configuration's text, to be checked and shown without a daemon.
 *
 * @param name what messages call it
 * @param directory where relative paths begin
 * @param environment the process's environment variables
 */
public record ConfigFile(
    String name, String text, Path directory, Map<String, String> environment) {
  /** Who has more has not written a configuration, and each takes another reading. */
  private static final int MAX_FAULTS = 50;

  private static final Pattern LINE = Pattern.compile(":(\\d{1,9})\\b");

  /**
   * Reads a file.
   *
   * @throws ConfigException with one line that names it
   */
  public static ConfigFile read(Path file, Map<String, String> environment) throws ConfigException {
    Path directory = file.toAbsolutePath().normalize().getParent();
    return new ConfigFile(
        file.getFileName().toString(),
        ChaseConfig.contents(file),
        directory == null ? Path.of("") : directory,
        environment);
  }

  /** All defaults. */
  public static ConfigFile defaults(Map<String, String> environment) {
    return new ConfigFile("defaults", "", Path.of(""), environment);
  }

  /**
   * The configuration.
   *
   * @throws ConfigException with the first fault
   */
  public ChaseConfig parse() throws ConfigException {
    return ChaseConfig.parse(name, text, directory, environment);
  }

  /**
   * What is wrong, a line for each of the first fifty faults: what is found first is taken for
   * absent, and the rest read again. A section whose keys contradict each other counts only where
   * each of them is right.
   */
  public List<String> faults() {
    List<String> faults = new ArrayList<>();
    Set<String> ignored = new HashSet<>();
    boolean more = true;
    while (more && faults.size() < MAX_FAULTS) {
      try {
        ChaseConfig.parse(name, text, directory, environment, ignored);
        more = false;
      } catch (ConfigException e) {
        String key = e.key().orElse("");
        boolean follows =
            !faults.isEmpty() && ignored.stream().anyMatch(wrong -> wrong.startsWith(key + "."));
        if (!follows) {
          faults.add(String.valueOf(e.getMessage()));
        }
        more = !key.isEmpty() && ignored.add(key);
      }
    }
    faults.sort(Comparator.comparingInt(ConfigFile::line));
    return faults;
  }

  /** The line that a fault names; 0 without one. */
  private static int line(String fault) {
    Matcher found = LINE.matcher(fault);
    return found.find() ? Integer.parseInt(found.group(1)) : 0;
  }

  /**
   * Every key that has a value, with that and where it comes from.
   *
   * @throws ConfigException with the first fault
   */
  public List<ConfigSetting> settings() throws ConfigException {
    return ConfigSetting.all(
        parse(), YamlSection.parse(name, text, Set.of()), environment.containsKey("CHASE_SOCKET"));
  }
}
