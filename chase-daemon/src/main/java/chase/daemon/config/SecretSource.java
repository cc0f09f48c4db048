package chase.daemon.config;

import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Where a secret is kept; the configuration itself never holds one. */
public sealed interface SecretSource {
  /**
   * The secret without surrounding white space.
   *
   * @param environment the process's environment variables
   * @throws ConfigException that names the key and the file or variable, never the secret
   */
  String read(Map<String, String> environment) throws ConfigException;

  /** Where each secret of {@code section}, and of the sections in it, is kept. */
  static List<SecretSource> allOf(Record section) {
    List<SecretSource> all = new ArrayList<>();
    for (RecordComponent component : section.getClass().getRecordComponents()) {
      Object value = ConfigSetting.value(section, component);
      switch (value instanceof Optional<?> optional && optional.isPresent()
          ? optional.get()
          : value) {
        case SecretSource secret -> all.add(secret);
        case Record inner when inner.getClass().getSimpleName().endsWith("Config") ->
            all.addAll(allOf(inner));
        default -> {}
      }
    }
    return all;
  }

  /** The configuration key that names the place. */
  String key();

  /** The key and what it names, for messages. */
  String place();

  /**
   * A file that holds nothing but the secret.
   *
   * @param key the configuration key that names it
   * @param path where it is
   */
  record InFile(String key, Path path) implements SecretSource {
    @Override
    public String place() {
      return key + ": " + path;
    }

    @Override
    public String read(Map<String, String> environment) throws ConfigException {
      String secret = contents().strip();
      if (secret.isEmpty()) {
        throw new ConfigException(key + ": " + path + " is empty");
      }
      return secret;
    }

    private String contents() throws ConfigException {
      try {
        return Files.readString(path, StandardCharsets.UTF_8);
      } catch (NoSuchFileException e) {
        throw new ConfigException.Transient(key + ": " + path + " does not exist");
      } catch (AccessDeniedException e) {
        throw new ConfigException.Forbidden(key + ": no permission to read " + path, path);
      } catch (IOException e) {
        throw new ConfigException.Transient(key + ": cannot read " + path + ": " + e.getMessage());
      }
    }
  }

  /**
   * An environment variable.
   *
   * @param key the configuration key that names it
   * @param name the variable
   */
  record InVariable(String key, String name) implements SecretSource {
    @Override
    public String place() {
      return key + ": the environment variable " + name;
    }

    @Override
    public String read(Map<String, String> environment) throws ConfigException {
      String secret = environment.getOrDefault(name, "").strip();
      if (secret.isEmpty()) {
        throw new ConfigException(key + ": the environment variable " + name + " is not set");
      }
      return secret;
    }
  }
}
