package chase.daemon.reload;

import java.util.concurrent.CompletableFuture;
import org.jline.utils.Signals;

/**
 * SIGHUP, which asks a daemon to read its configuration again and never ends it. Where a process is
 * started with that signal ignored, as nohup(1) does, it stays so.
 */
public final class HangupSignal {
  private final CompletableFuture<Runnable> listener = new CompletableFuture<>();

  private HangupSignal() {}

  /** From now on the signal does not end this process any more. */
  public static HangupSignal caught() {
    HangupSignal signal = new HangupSignal();
    Signals.register("HUP", signal::arrive);
    return signal;
  }

  /** Calls {@code reload} for each signal, also for those that came before, on any thread. */
  public void onArrival(Runnable reload) {
    listener.complete(reload);
  }

  private void arrive() {
    var _ = listener.thenAccept(Runnable::run);
  }
}
