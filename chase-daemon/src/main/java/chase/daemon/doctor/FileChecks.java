package chase.daemon.doctor;

import chase.daemon.access.AccessRules;
import chase.daemon.api.CheckBody;
import chase.daemon.config.ChaseConfig;
import chase.daemon.config.ConfigChanges;
import chase.daemon.config.ConfigChanges.ConfigChange;
import chase.daemon.config.ConfigException;
import chase.daemon.gpu.LockedJournals;
import chase.daemon.gpu.journal.GpuJournals;
import chase.daemon.gpu.journal.StateException;
import chase.daemon.host.PathState;
import chase.daemon.host.UserDatabase;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

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

  /**
   * What an earlier Chase set and nobody has restored, where no daemon runs that would.
   *
   * @param remedy what helps where that cannot be read; empty where that is to be wrong
   */
  Optional<CheckBody> left(Optional<String> remedy) {
    try {
      return GpuJournals.holdAnything(LockedJournals.paths(config))
          ? Optional.of(
              CheckBody.warning(
                      STATE,
                      "an earlier Chase left limits behind (" + config.stateDirectory() + ")")
                  .withRemedy("start the daemon, or restore the original ones: sudo chase restore"))
          : Optional.empty();
    } catch (StateException e) {
      String text = String.valueOf(e.getMessage());
      return Optional.of(
          remedy
              .map(what -> CheckBody.note(STATE, text).withRemedy(what))
              .orElseGet(() -> CheckBody.failed(STATE, text)));
    }
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
}
