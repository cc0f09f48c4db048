package chase.daemon.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Where every command must go to the daemon. */
final class NoLocalActions implements LocalActions {
  @Override
  public List<Finding> diagnose(Optional<Path> config) {
    throw new AssertionError("a host was diagnosed");
  }

  @Override
  public int daemon(Path config) {
    throw new AssertionError("a daemon was started");
  }

  @Override
  public int demo() {
    throw new AssertionError("a demo was started");
  }

  @Override
  public int restore(Optional<Path> config) {
    throw new AssertionError("limits were restored");
  }
}
