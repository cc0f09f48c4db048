package chase.daemon.config;

import chase.daemon.config.ConfigChanges.ConfigChange;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A configuration's text, to be checked and shown without a daemon.
 *
 * @param name what messages call it
 * @param directory where relative paths begin
 * @param environment the process's environment variables
 */
public record ConfigFile(
    String name, String text, Path directory, Map<String, String> environment) {
  private static final int MAX_BYTES = 256 << 10;

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
        contents(file),
        directory == null ? Path.of("") : directory,
        environment);
  }

  /** The text of {@code file}; what is longer, or no regular file, is no configuration. */
  private static String contents(Path file) throws ConfigException {
    // A pipe without a writer would keep who opens it for ever.
    if (Files.exists(file) && !Files.isRegularFile(file)) {
      throw new ConfigException(
          "the configuration file %s is %s"
              .formatted(file, Files.isDirectory(file) ? "a directory" : "no regular file"));
    }
    try (InputStream in = Files.newInputStream(file)) {
      byte[] read = in.readNBytes(MAX_BYTES + 1);
      if (read.length > MAX_BYTES) {
        throw new ConfigException("the configuration file " + file + " is larger than 256 KiB");
      }
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(read)).toString();
    } catch (NoSuchFileException e) {
      throw new ConfigException("the configuration file " + file + " does not exist");
    } catch (AccessDeniedException e) {
      throw new ConfigException.Forbidden(
          "no permission to read the configuration file " + file, file);
    } catch (CharacterCodingException e) {
      throw new ConfigException("the configuration file " + file + " is not text in UTF-8");
    } catch (IOException e) {
      throw new ConfigException.Transient(
          "cannot read the configuration file " + file + ": " + e.getMessage());
    }
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
   * Every key that has a value in {@code inForce}, with that and where it comes from.
   *
   * @param inForce what counts of this file
   * @param waiting the keys of this file whose value does not count until a restart
   */
  public List<ConfigSetting> settings(ChaseConfig inForce, List<ConfigChange> waiting) {
    Map<String, ConfigChange> kept =
        waiting.stream().collect(Collectors.toMap(ConfigChange::key, Function.identity()));
    try {
      return ConfigSetting.all(
              inForce,
              YamlSection.parse(name, text, Set.of()),
              environment.containsKey("CHASE_SOCKET"))
          .stream()
          .map(one -> kept.containsKey(one.key()) ? one.keptUntilRestart() : one)
          .toList();
    } catch (ConfigException e) {
      throw new IllegalStateException("what is in force was read without a fault", e);
    }
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
