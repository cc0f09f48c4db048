package chase.daemon.cli;

import chase.daemon.text.LogLevel;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
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

  /** Runs a daemon with simulated GPUs and a recorded grid. */
  int demo();

  /** Restores every limit in the journal; {@code config} says where that is. */
  int restore(Optional<Path> config);

  /** The command {@code chase simulate}, which has a package of its own. */
  Callable<Integer> simulateCommand();

  /** Finds what is wrong in the configuration at {@code file}, without a daemon. */
  List<Finding> checkConfig(Optional<Path> file);

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

  /** Checks everything that a daemon with the configuration at {@code config} would need. */
  List<Finding> diagnose(Optional<Path> config);

  /**
   * One thing that {@code chase doctor} checked.
   *
   * @param grade how it is
   * @param what the thing, in a word or two
   * @param line the result, and what to do about it
   */
  record Finding(Grade grade, String what, String line) {
    /** How a thing is. */
    public enum Grade {
      /** As it should be. */
      OK,
      /** Not wrong, but worth knowing. */
      NOTE,
      /** To be fixed. */
      WRONG;

      /** The grade as it is printed. */
      public String word() {
        return name().toLowerCase(Locale.ROOT);
      }
    }

    /** It is as it should be. */
    public static Finding ok(String what, String line) {
      return new Finding(Grade.OK, what, line);
    }

    /** It is worth knowing. */
    public static Finding note(String what, String line) {
      return new Finding(Grade.NOTE, what, line);
    }

    /** It is to be fixed. */
    public static Finding wrong(String what, String line) {
      return new Finding(Grade.WRONG, what, line);
    }
  }
}
