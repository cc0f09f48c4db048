package chase.daemon.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The commands that need no running daemon; those with a number return the exit code. */
public interface LocalActions {
  /** Runs the daemon in the foreground with the configuration at {@code config}. */
  int daemon(Path config);

  /** Runs a daemon with simulated GPUs and a recorded grid. */
  int demo();

  /** Puts back every limit in the journal; {@code config} says where that is. */
  int restore(Optional<Path> config);

  /** Looks at everything that a daemon with the configuration at {@code config} would need. */
  List<Finding> diagnose(Optional<Path> config);
}
