package chase.daemon;

import chase.daemon.gpu.GpuOpener;
import chase.daemon.gpu.LimitRestore;
import chase.daemon.gpu.RestoreOutcome;
import chase.daemon.gpu.StateException;
import chase.daemon.gpu.StatePlaces;
import chase.zeus.gpu.GpuException;
import chase.zeus.gpu.Gpus;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;

/** {@code chase restore}: puts back what is on record, without a daemon. Harmless when repeated. */
public final class RestoreRun {
  private RestoreRun() {}

  /**
   * Puts every limit on record back and prints one line for each GPU.
   *
   * @param deadline how long each GPU may take
   * @return whether nothing failed; what failed stays on record
   * @throws StartupException with one line, when a daemon runs or the journal or the driver cannot
   *     be used while something is on record
   */
  public static boolean run(
      StatePlaces places, GpuOpener opener, Duration deadline, InstantSource clock, PrintWriter out)
      throws StartupException {
    if (!places.exist()) {
      out.println("nothing to put back: " + places.directory() + " does not exist");
      return true;
    }
    try {
      Recovery recovery = Recovery.open(places, deadline, clock);
      try {
        return restore(recovery, opener, out);
      } finally {
        recovery.close();
      }
    } catch (StateException e) {
      throw new StartupException(String.valueOf(e.getMessage()));
    } catch (GpuException e) {
      throw new StartupException("no limit was put back: " + e.getMessage());
    }
  }

  private static boolean restore(Recovery recovery, GpuOpener opener, PrintWriter out)
      throws GpuException {
    if (recovery.journals().areEmpty()) {
      out.println("nothing to put back");
      return true;
    }
    try (Gpus gpus = opener.open()) {
      List<RestoreOutcome> outcomes = recovery.restore(gpus);
      outcomes.forEach(outcome -> out.println(outcome.line()));
      recovery.advice().ifPresent(out::println);
      return LimitRestore.complete(outcomes) && recovery.advice().isEmpty();
    }
  }
}
