package chase.daemon.doctor;

import chase.daemon.access.AccessRules;
import chase.daemon.api.CheckBody;
import chase.daemon.config.ChaseConfig;
import chase.daemon.config.ConfigChanges;
import chase.daemon.config.ConfigChanges.ConfigChange;
import chase.daemon.config.ConfigException;
import chase.daemon.config.SecretSource;
import chase.daemon.host.PathState;
import chase.daemon.host.UserDatabase;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The files that the configuration names, as this process sees them.
 *
 * @param config the configuration
 * @param environment the process's environment variables
 */
record FileChecks(ChaseConfig config, Map<String, String> environment) {
  private static final String CONFIG = "config";
  private static final String STATE = "state";
  private static final String ROLES = "roles";
  private static final String SECRETS = "secrets";

  /** Whether the file that a running daemon was started with still says the same. */
  CheckBody stillInForce(Path file) {
    try {
      ConfigChanges changes = ConfigChanges.between(config, ChaseConfig.load(file, environment));
      if (!changes.applied().isEmpty()) {
        return CheckBody.warning(
                CONFIG, file + " has changed, and is not in force yet: " + keys(changes.changes()))
            .withRemedy("reload it: sudo systemctl reload chased");
      }
      return changes.waiting().isEmpty()
          ? CheckBody.ok(CONFIG, file + " is in force")
          : CheckBody.warning(
                  CONFIG, file + " waits for a restart with: " + keys(changes.waiting()))
              .withRemedy("restart the daemon: sudo systemctl restart chased");
    } catch (ConfigException e) {
      return CheckBody.failed(
          CONFIG, "a reload is refused, and the next start will fail: " + e.getMessage());
    }
  }

  private static String keys(List<ConfigChange> changes) {
    return changes.stream().map(ConfigChange::key).collect(Collectors.joining(", "));
  }

  /**
   * Whether the state directory can be written.
   *
   * @param remedy what helps where it cannot; empty where that is to be wrong
   */
  CheckBody stateDirectory(Optional<String> remedy) {
    Path directory = config.stateDirectory();
    return switch (PathState.of(directory)) {
      case MISSING -> CheckBody.note(STATE, directory + " is not there yet; the daemon makes it");
      case FORBIDDEN -> forbidden(directory, remedy);
      case PRESENT -> writable(directory, remedy);
    };
  }

  private static CheckBody writable(Path directory, Optional<String> remedy) {
    if (!Files.isDirectory(directory)) {
      return CheckBody.failed(STATE, directory + " is no directory; the daemon needs one");
    }
    try {
      Files.delete(Files.createTempFile(directory, "doctor", null));
      return CheckBody.ok(STATE, directory + " can be written");
    } catch (AccessDeniedException e) {
      return forbidden(directory, remedy);
    } catch (IOException e) {
      return CheckBody.failed(STATE, directory + " cannot be written: " + e.getMessage());
    }
  }

  private static CheckBody forbidden(Path directory, Optional<String> remedy) {
    String text = "no permission to write " + directory;
    return remedy
        .map(what -> CheckBody.note(STATE, text).withRemedy(what))
        .orElseGet(() ->
            CheckBody.failed(STATE, text)
                .withRemedy(PathState.remedy(directory, System.getProperty("user.name"))));
  }

  /** Who may do what on the control socket, and which names mean nobody. */
  List<CheckBody> roles() {
    AccessRules rules =
        new AccessRules(config.access(), UserDatabase.SYSTEM, UserDatabase.ownUser());
    List<CheckBody> checks = new ArrayList<>(List.of(CheckBody.ok(ROLES, rules.text())));
    for (AccessRules.UnknownName name : rules.unknown()) {
      CheckBody check =
          name.chosen()
              ? CheckBody.warning(ROLES, name.text())
              : CheckBody.note(ROLES, name.text());
      checks.add(
          name.kind().equals("group")
              ? check.withRemedy(
                  "sudo groupadd --system %s, and chase reload".formatted(name.name()))
              : check);
    }
    return checks;
  }

  /**
   * Whether other users can read a file that holds a key or password. The configuration itself
   * holds none: it is refused with one.
   */
  List<CheckBody> secrets() {
    List<Path> files = secretFiles();
    List<CheckBody> open =
        files.stream()
            .filter(FileChecks::isOpen)
            .map(file ->
                CheckBody.warning(SECRETS, "every user of this host can read " + file)
                    .withRemedy("sudo chmod o-rwx " + file))
            .toList();
    return open.isEmpty() && !files.isEmpty()
        ? List.of(
            CheckBody.ok(
                SECRETS,
                String.format(
                    Locale.ROOT, "closed to other users (files named: %d)", files.size())))
        : open;
  }

  private List<Path> secretFiles() {
    return Stream.of(
            config.carbon().electricityMaps().token(),
            config.carbon().watttime().username(),
            config.carbon().watttime().password(),
            config.http().proxyPassword(),
            config.batchSizes().user(),
            config.batchSizes().password())
        .flatMap(Optional::stream)
        .map(source -> source instanceof SecretSource.InFile file ? file.path() : null)
        .filter(Objects::nonNull)
        .distinct()
        .toList();
  }

  /** A file is closed as well by a directory above it that others may not enter. */
  private static boolean isOpen(Path file) {
    try {
      if (!permissions(file).contains(PosixFilePermission.OTHERS_READ)) {
        return false;
      }
      for (Path up = file.toRealPath().getParent(); up != null; up = up.getParent()) {
        if (!permissions(up).contains(PosixFilePermission.OTHERS_EXECUTE)) {
          return false;
        }
      }
      return true;
    } catch (IOException | UnsupportedOperationException e) {
      return false;
    }
  }

  private static Set<PosixFilePermission> permissions(Path path) throws IOException {
    return Files.getPosixFilePermissions(path);
  }
}
