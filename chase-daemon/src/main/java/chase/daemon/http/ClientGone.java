package chase.daemon.http;

import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A client that closed its connection during a request: no failure, and nothing to answer. */
public final class ClientGone {
  private ClientGone() {}

  /**
   * Whether {@code failure} of {@code request} says so. What breaks once a request is here as a
   * whole, such as a disk, is a fault of ours.
   */
  public static boolean isCauseOf(HttpServerRequest request, @Nullable Throwable failure) {
    return failure instanceof HttpClosedException
        || (failure instanceof IOException && !request.isEnded());
  }
}
