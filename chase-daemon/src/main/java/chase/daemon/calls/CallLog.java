package chase.daemon.calls;

import chase.zeus.gpu.GpuException;
import java.time.Duration;

/** Keeps the score of driver calls. Any thread may tell it, and it never blocks. */
public interface CallLog {
  /** A call to {@code function} came back after {@code took}, well or not. */
  void onReturned(String function, Duration took);

  /** A call to {@code function} failed and asked for this reaction. */
  void onFailed(String function, GpuException.Kind kind);
}
