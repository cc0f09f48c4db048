package chase.carbon.watttime;

import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/** Keeps what WattTime warned of, and logs it when it changes. */
final class WarningLog {
  private static final System.Logger LOG = System.getLogger(WarningLog.class.getPackageName());

  private final String subject;
  private final AtomicReference<List<String>> last = new AtomicReference<>(List.of());

  WarningLog(String subject) {
    this.subject = subject;
  }

  List<String> last() {
    return last.get();
  }

  void update(List<String> now) {
    if (last.getAndSet(now).equals(now)) {
      return;
    }
    if (now.isEmpty()) {
      LOG.log(System.Logger.Level.INFO, subject + ": warns no more");
    } else {
      LOG.log(System.Logger.Level.WARNING, subject + ": warns of " + String.join("; ", now));
    }
  }
}
