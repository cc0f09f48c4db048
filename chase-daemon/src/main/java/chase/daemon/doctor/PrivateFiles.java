package chase.daemon.doctor;

import chase.daemon.api.CheckBody;
import chase.daemon.config.ChaseConfig;
import chase.daemon.config.SecretSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The files that other users of this host have no business to read: keys, tokens and passwords, and
 * what a crash leaves of a process's memory.
 *
 * @param config the configuration
 */
record PrivateFiles(ChaseConfig config) {
  private static final String SECRETS = "secrets";
  private static final String CRASH = "crash";

  /** What a JVM or the kernel writes when a process ends by a fault. */
  private static final Pattern CRASH_FILE =
      Pattern.compile("hs_err_pid\\d+\\.log|core(\\.\\d+)?|java_pid\\d+\\.hprof");

  /** Whether other users can read a file that holds a secret. */
  List<CheckBody> secrets() {
    List<Path> files = secretFiles();
    List<CheckBody> open = files.stream().filter(PrivateFiles::isOpen).map(this::open).toList();
    return open.isEmpty() && !files.isEmpty()
        ? List.of(
            CheckBody.ok(
                SECRETS,
                String.format(
                    Locale.ROOT, "closed to other users (files named: %d)", files.size())))
        : open;
  }

  private CheckBody open(Path file) {
    return CheckBody.warning(SECRETS, "every user of this host can read " + file)
        .withRemedy("sudo chmod o-rwx " + file);
  }

  private List<Path> secretFiles() {
    List<Path> files = new ArrayList<>();
    for (SecretSource secret : SecretSource.allOf(config)) {
      if (secret instanceof SecretSource.InFile file) {
        files.add(file.path());
      }
    }
    config.metrics().tls().key().ifPresent(files::add);
    config.batchSizes().zeusApi().tls().key().ifPresent(files::add);
    return files.stream().distinct().toList();
  }

  /** The file of the configuration: it holds no secret, and yet says where they are. */
  Optional<CheckBody> configuration(Path file) {
    return isOpen(file)
        ? Optional.of(
            CheckBody.note("config", "every user of this host can read " + file)
                .withRemedy(
                    "sudo chmod o-rwx " + file + "; it holds no key, and names where they are"))
        : Optional.empty();
  }

  /** What crashes left in the state directory; nothing where that may not be read. */
  List<CheckBody> crashes() {
    try (Stream<Path> files = Files.list(config.stateDirectory())) {
      return files
          .filter(file -> CRASH_FILE.matcher(file.getFileName().toString()).matches())
          .sorted()
          .map(PrivateFiles::crash)
          .toList();
    } catch (IOException | UncheckedIOException e) {
      return List.of();
    }
  }

  private static CheckBody crash(Path file) {
    return CheckBody.warning(
            CRASH,
            "a crash left "
                + file
                + (isOpen(file) ? ", which every user of this host can read" : ""))
        .withRemedy("report it (SECURITY.md), then remove it: it shows parts of Chase's memory");
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
