package chase.daemon;

import chase.daemon.api.CheckBody;
import chase.daemon.cli.ChaseCommand.CommandException;
import chase.daemon.cli.LocalActions;
import chase.daemon.config.CarbonConfig;
import chase.daemon.config.ChaseConfig;
import chase.daemon.config.ConfigException;
import chase.daemon.config.ConfigFile;
import chase.daemon.config.SecretSource;
import chase.daemon.gpu.GpuBackend;
import chase.daemon.grid.GridSources;
import chase.daemon.host.DefaultPaths;
import chase.daemon.host.PathState;
import chase.daemon.text.RegionAdvice;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A configuration, checked and shown without a daemon: its keys, the files that it names and its
 * secrets. Asks no GPU and no provider.
 *
 * @param platform the process's environment and clock
 */
record ConfigCheck(Platform platform) {
  private static final Path DEFAULT = Path.of(DefaultPaths.CONFIG);
  private static final int FAILED = 1;
  private static final int WRONG = 2;

  /** What is wrong in {@code file}, or that nothing is. */
  List<CheckBody> findings(Optional<Path> file) {
    ConfigFile read = read(file);
    List<CheckBody> findings = new ArrayList<>();
    read.faults().forEach(fault -> findings.add(CheckBody.failed("configuration", fault)));
    if (findings.isEmpty()) {
      try {
        ChaseConfig config = read.parse();
        files(() -> GpuBackend.of(config.gpu(), platform.clock())).ifPresent(findings::add);
        files(() -> GridSources.of(config, platform.environment(), platform.clock()).close())
            .ifPresent(findings::add);
        secrets(config).filter(finding -> !findings.contains(finding)).forEach(findings::add);
      } catch (ConfigException e) {
        findings.add(CheckBody.failed("configuration", String.valueOf(e.getMessage())));
      }
    }
    boolean empty = read.text().isBlank() && (file.isPresent() || !isMissing(DEFAULT));
    if (findings.isEmpty() && empty) {
      findings.add(
          CheckBody.warning(
              "configuration",
              file.orElse(DEFAULT)
                  + " is empty: a start takes all defaults, and a reload refuses it (write {} to"
                  + " mean all defaults)"));
    } else if (findings.isEmpty()) {
      findings.add(
          CheckBody.ok(
              "configuration",
              file.or(() -> Optional.of(DEFAULT).filter(path -> !isMissing(path)))
                  .map(path -> path + " is valid")
                  .orElse(DEFAULT + " is not there: all defaults")));
      regionAlone(read).ifPresent(findings::add);
    }
    return findings;
  }

  /** A region without a provider is no fault, and hardly what was meant. */
  private static Optional<CheckBody> regionAlone(ConfigFile read) {
    try {
      CarbonConfig carbon = read.parse().carbon();
      return carbon
          .region()
          .filter(region -> carbon.provider() == CarbonConfig.CarbonProviderName.NONE)
          .map(region ->
              CheckBody.warning(
                  "configuration",
                  "carbon.region counts for nothing without carbon.provider: "
                      + new RegionAdvice().withoutProvider(region)));
    } catch (ConfigException e) {
      return Optional.empty();
    }
  }

  /** Reads what the configuration names. */
  private interface FileReader {
    void read() throws ConfigException;
  }

  /** Secrets, certificates and their keys, as a start reads them. */
  private Stream<CheckBody> secrets(ChaseConfig config) {
    List<FileReader> readers = new ArrayList<>();
    SecretSource.allOf(config)
        .forEach(secret -> readers.add(() -> secret.read(platform.environment())));
    readers.add(() -> config.http().authorities(platform.clock().instant()));
    if (config.metrics().enabled()) {
      readers.add(() -> config.metrics().credentials(platform.environment()));
    }
    if (config.batchSizes().zeusApi().enabled()) {
      readers.add(() -> config.batchSizes().zeusApi().credentials(platform.environment()));
    }
    return readers.stream().map(ConfigCheck::files).flatMap(Optional::stream).distinct();
  }

  /** What only another user may read cannot be checked, which is no fault. */
  private static Optional<CheckBody> files(FileReader reader) {
    try {
      reader.read();
      return Optional.empty();
    } catch (ConfigException.Forbidden e) {
      return Optional.of(CheckBody.note("not checked", String.valueOf(e.getMessage())));
    } catch (ConfigException | IllegalArgumentException e) {
      return Optional.of(CheckBody.failed("configuration", String.valueOf(e.getMessage())));
    }
  }

  /** Every setting in force. */
  List<LocalActions.Setting> settings(Optional<Path> file) {
    try {
      return read(file).settings().stream()
          .map(one -> new LocalActions.Setting(one.key(), one.value(), one.source()))
          .toList();
    } catch (ConfigException e) {
      throw new CommandException(WRONG, String.valueOf(e.getMessage()));
    }
  }

  private ConfigFile read(Optional<Path> file) {
    try {
      return file.isEmpty() && isMissing(DEFAULT)
          ? ConfigFile.defaults(platform.environment())
          : ConfigFile.read(file.orElse(DEFAULT), platform.environment());
    } catch (ConfigException e) {
      boolean mendable =
          !(e instanceof ConfigException.Forbidden) && !(e instanceof ConfigException.Transient);
      throw new CommandException(mendable ? WRONG : FAILED, String.valueOf(e.getMessage()));
    }
  }

  private static boolean isMissing(Path path) {
    return PathState.of(path) == PathState.MISSING;
  }
}
