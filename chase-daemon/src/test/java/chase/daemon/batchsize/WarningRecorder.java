package chase.daemon.batchsize;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** What is logged while it is open. */
final class WarningRecorder extends Handler implements AutoCloseable {
  private static final Logger ROOT = Logger.getLogger("");
  private final List<String> warnings = new CopyOnWriteArrayList<>();

  WarningRecorder() {
    ROOT.addHandler(this);
  }

  /** Each warning or worse, with its exception. */
  List<String> warnings() {
    return warnings;
  }

  @Override
  public void publish(LogRecord line) {
    if (line.getLevel().intValue() >= Level.WARNING.intValue()) {
      warnings.add(line.getLevel() + " " + line.getMessage() + " " + line.getThrown());
    }
  }

  @Override
  public void flush() {}

  @Override
  public void close() {
    ROOT.removeHandler(this);
  }
}
