package chase.daemon.reload;

import chase.daemon.config.AccessConfig;
import chase.daemon.config.ChaseConfig;
import chase.daemon.config.ConfigChanges;
import chase.daemon.config.ConfigChanges.ConfigChange;
import chase.daemon.config.ConfigException;
import chase.daemon.config.ConfigFile;
import chase.daemon.gpu.GpuBackend;
import chase.daemon.grid.GridSources;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * A configuration that was read and found good as a whole, and is not in force yet.
 *
 * @param read the file
 * @param changes what it changes
 * @param sources the providers that it names, not called yet; to be closed where they are not used
 * @param roles puts the roles in force
 * @param secrets what the secrets are that it names, as digests
 */
record CandidateConfig(
    ConfigState.SourceFile read,
    ConfigChanges changes,
    GridSources sources,
    Runnable roles,
    SecretDigests secrets) {
  private static final List<String> SIGNALS = List.of("carbon", "price", "http");

  /** A file that was written a moment ago may be half written. */
  static final Duration SETTLED = Duration.ofMillis(250);

  /** Looks at the host for what a configuration needs, as the start does; blocks. */
  @FunctionalInterface
  public interface HostNeeds {
    /** What {@code wanted} lacks, a line each, as far as it differs from {@code running}. */
    List<String> missing(ChaseConfig running, ChaseConfig wanted);
  }

  /**
   * Reads and validates a file; blocks.
   *
   * @param running what is in force
   * @param known the secrets in force
   * @throws ReloadRefused with all reasons, when it cannot be used
   * @throws UnsettledFile when it was written a moment ago
   */
  static CandidateConfig read(
      ConfigState running,
      SecretDigests known,
      Map<String, String> environment,
      HostNeeds checks,
      Function<AccessConfig, Runnable> access,
      InstantSource clock) {
    Path path = running.source().orElseThrow().path();
    try {
      ConfigFile file = settled(path, environment, clock);
      List<String> faults = file.faults();
      if (!faults.isEmpty()) {
        throw new ReloadRefused(faults);
      }
      ChaseConfig wanted = file.parse();
      ConfigChanges keys = ConfigChanges.between(running.config(), wanted);
      List<String> missing = new ArrayList<>(checks.missing(running.config(), wanted));
      profileFault(wanted, clock).ifPresent(missing::add);
      if (!missing.isEmpty()) {
        throw new ReloadRefused(missing);
      }
      SecretDigests secrets = SecretDigests.of(wanted, environment);
      ConfigChanges changes =
          new ConfigChanges(
              keys.inForce(),
              Stream.concat(keys.changes().stream(), secrets.changedSince(known).stream())
                  .toList());
      return new CandidateConfig(
          new ConfigState.SourceFile(path, file),
          changes,
          GridSources.of(keys.inForce(), environment, clock),
          // Also where the file says the same: the host may know other users by now.
          access.apply(keys.inForce().access()),
          secrets.after(known));
    } catch (ConfigException | IllegalArgumentException e) {
      throw new ReloadRefused(List.of(String.valueOf(e.getMessage())));
    }
  }

  /** What is wrong with a power profile, or a simulated GPU's name. */
  private static Optional<String> profileFault(ChaseConfig wanted, InstantSource clock) {
    try {
      GpuBackend.of(wanted.gpu(), clock);
      return Optional.empty();
    } catch (ConfigException | IllegalArgumentException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  /** An empty file is not written yet; a start takes it for all defaults. */
  private static ConfigFile settled(Path path, Map<String, String> environment, InstantSource clock)
      throws ConfigException {
    Instant written = modified(path);
    Duration still = Duration.between(written, clock.instant());
    ConfigFile file = ConfigFile.read(path, environment);
    boolean fresh = !still.isNegative() && still.compareTo(SETTLED) < 0;
    if (fresh || !written.equals(modified(path))) {
      throw new UnsettledFile(path);
    }
    if (file.text().isBlank()) {
      throw new ConfigException(
          path + " is empty; to go back to all defaults, write {} or restart the daemon");
    }
    return file;
  }

  /** A file is being written: it may be whole in a moment. */
  static final class UnsettledFile extends RuntimeException {
    UnsettledFile(Path path) {
      super(path + " is being written all the time");
    }
  }

  /** Long ago where that cannot be known: what is wrong shows when it is read. */
  private static Instant modified(Path path) {
    try {
      return Files.getLastModifiedTime(path).toInstant();
    } catch (IOException e) {
      return Instant.EPOCH;
    }
  }

  /** Whether the providers change, or what they are called with. */
  boolean replacesSources() {
    return SIGNALS.stream().anyMatch(changes::touches);
  }

  /** The keys that count from now on. */
  List<ConfigChange> applied() {
    return changes.applied();
  }
}
