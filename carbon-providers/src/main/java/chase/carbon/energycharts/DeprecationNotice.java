package chase.carbon.energycharts;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/** Whether the API announces that a path will go; logged once. For any thread. */
final class DeprecationNotice {
  private static final Logger LOG = System.getLogger(DeprecationNotice.class.getPackageName());

  private final String subject;
  private final String path;
  private final AtomicBoolean logged = new AtomicBoolean();
  private volatile boolean deprecated;

  DeprecationNotice(String subject, String path) {
    this.subject = subject;
    this.path = path;
  }

  /** What the last response said. */
  void update(boolean now) {
    deprecated = now;
    if (now && logged.compareAndSet(false, true)) {
      LOG.log(Level.WARNING, subject + ": " + words());
    }
  }

  /** The same for people; empty while nothing is announced. */
  Optional<String> text() {
    return deprecated ? Optional.of(words()) : Optional.empty();
  }

  private String words() {
    return "the provider calls " + path + " deprecated: it may end, look for a newer Chase";
  }
}
