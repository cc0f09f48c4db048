package chase.daemon.cli;

import chase.daemon.api.CheckBody;
import chase.daemon.text.LogLevel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;

/** The commands that need no running daemon; those with a number return the exit code. */
public interface LocalActions {
  /** The process's environment variables. */
  Map<String, String> environment();

  /**
   * Runs the daemon in the foreground with the configuration at {@code config}.
   *
   * @param level what is logged, where the configuration is not to decide that
   */
  int daemon(Path config, Optional<LogLevel> level);

  /** Runs a daemon with simulated GPUs and a synthetic grid; for {@code lasting}, or for ever. */
  int demo(Optional<Duration> lasting);

  /** Restores every limit in the journal; {@code config} says where that is. */
  int restore(Optional<Path> config);

  /** The command {@code chase simulate}, which has a package of its own. */
  Callable<Integer> simulateCommand();

  /** Finds what is wrong in the configuration at {@code file}, without a daemon. */
  List<CheckBody> validate(Optional<Path> file);

  /** Every setting that the configuration at {@code file} puts in force. */
  List<Setting> showConfig(Optional<Path> file);

  /**
   * A setting in force.
   *
   * @param key with all keys around it
   * @param value a text, number, truth or list of texts; of a secret only its place
   * @param source where it comes from
   */
  record Setting(String key, Object value, String source) {}

  /** The control socket of a daemon with the configuration at {@code config}, if that is sound. */
  Optional<Path> socket(Path config);

  /** Checks, with the caller's rights, what a daemon with the configuration would need. */
  List<CheckBody> checkConfiguration(Optional<Path> config);

  /**
   * Checks what is the same for every process of this host.
   *
   * @param daemon the process of the daemon that answers
   */
  List<CheckBody> checkHost(Optional<Long> daemon);
}
