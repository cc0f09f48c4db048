package chase.daemon.reload;

import chase.daemon.config.ChaseConfig;
import chase.daemon.config.ConfigChanges;
import chase.daemon.config.ConfigChanges.ConfigChange;
import chase.daemon.config.ConfigFile;
import chase.daemon.config.ConfigSetting;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The configuration in force, and how it came to be.
 *
 * @param config what counts
 * @param source the file that it was read from; empty where there is none, as in the demo
 * @param loadedAt when it was read: at the start, or by the last reload that was not refused
 * @param reloads how many reloads were applied, also those that changed nothing
 * @param refusals how many were refused
 * @param refused the last reload, where that was refused
 * @param waiting the keys whose value in the file takes a restart
 */
public record ConfigState(
    ChaseConfig config,
    Optional<SourceFile> source,
    Instant loadedAt,
    long reloads,
    long refusals,
    Optional<RefusedReload> refused,
    List<ConfigChange> waiting) {
  /** Copies the list. */
  public ConfigState {
    waiting = List.copyOf(waiting);
  }

  /**
   * A configuration file as it was read.
   *
   * @param path where it is
   * @param read what it said
   */
  public record SourceFile(Path path, ConfigFile read) {
    /** Makes a relative path absolute, for messages. */
    public SourceFile {
      path = path.toAbsolutePath().normalize();
    }
  }

  /**
   * A reload that was refused.
   *
   * @param at when
   * @param reasons why, a line each
   */
  public record RefusedReload(Instant at, List<String> reasons) {
    /** Copies the list. */
    public RefusedReload {
      reasons = List.copyOf(reasons);
    }
  }

  /** The configuration that a daemon starts with. */
  public static ConfigState atStart(
      ChaseConfig config, Optional<SourceFile> source, Instant startedAt) {
    return new ConfigState(config, source, startedAt, 0, 0, Optional.empty(), List.of());
  }

  ConfigState after(ConfigChanges changes, SourceFile read, Instant now) {
    return new ConfigState(
        changes.inForce(),
        Optional.of(read),
        now,
        reloads + 1,
        refusals,
        Optional.empty(),
        changes.waiting());
  }

  ConfigState afterRefusal(RefusedReload why) {
    return new ConfigState(
        config, source, loadedAt, reloads, refusals + 1, Optional.of(why), waiting);
  }

  /** Every key that has a value in force, with that and where it comes from. */
  public List<ConfigSetting> settings() {
    return source.map(file -> file.read().settings(config, waiting)).orElse(List.of());
  }
}
