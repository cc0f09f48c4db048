package chase.daemon.peer;

import io.vertx.core.http.HttpClosedException;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A client that left while it asked: no fault of anybody's, and nobody is there to answer. */
public final class PeerGone {
  private PeerGone() {}

  /** Whether {@code failure} of a request says so. */
  public static boolean isTold(@Nullable Throwable failure) {
    return failure instanceof HttpClosedException || failure instanceof IOException;
  }
}
