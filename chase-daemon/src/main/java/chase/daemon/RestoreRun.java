package chase.daemon;

import chase.daemon.gpu.GpuBackend;
import chase.daemon.gpu.RestoreOutcome;
import chase.daemon.gpu.Restorer;
import chase.daemon.gpu.StateException;
import chase.daemon.gpu.StatePaths;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;

/** {@code chase restore}: puts back what is on record, without a daemon. Harmless when repeated. */
public final class RestoreRun {
  /** Systemd gives what cleans up after a daemon half a minute. */
  private static final Duration MAX_TIME = Duration.ofSeconds(20);

  private RestoreRun() {}

  /**
   * Puts every limit on record back and prints one line for each GPU.
   *
   * @param deadline how long the driver may take to answer; the whole takes twice as long at most
   * @return whether everything on record is back; what is not stays on record
   * @throws StartupException with one line, when a daemon runs or the journal cannot be used
   */
  public static boolean run(
      StatePaths places, GpuBackend opener, Duration deadline, InstantSource clock, PrintWriter out)
      throws StartupException {
    if (!places.mayExist()) {
      out.println("nothing to put back: " + places.directory() + " does not exist");
      return true;
    }
    try {
      Recovery recovery = Recovery.open(places, clock);
      try {
        return restore(recovery, opener, bounded(deadline), out);
      } finally {
        recovery.close();
      }
    } catch (StateException e) {
      throw StartupException.of(e);
    }
  }

  private static Duration bounded(Duration deadline) {
    Duration twice = deadline.multipliedBy(2);
    return twice.compareTo(MAX_TIME) < 0 ? twice : MAX_TIME;
  }

  private static boolean restore(
      Recovery recovery, GpuBackend opener, Duration deadline, PrintWriter out) {
    if (recovery.journals().areEmpty()) {
      out.println("nothing to put back");
      return true;
    }
    List<RestoreOutcome> outcomes = recovery.restore(opener, deadline, Set.of());
    outcomes.forEach(outcome -> out.println(outcome.line()));
    recovery.advice().ifPresent(out::println);
    return Restorer.allDone(outcomes) && recovery.advice().isEmpty();
  }
}
