package chase.daemon.http;

import java.time.Instant;

/** Counts what went wrong between the servers and their clients. Any thread may call. */
public interface FailureCounter {
  /** Counts nothing. */
  FailureCounter NONE =
      new FailureCounter() {
        @Override
        public void failed(String listener) {}

        @Override
        public void closed(String listener, CloseReason reason) {}

        @Override
        public void unauthorized(String listener) {}

        @Override
        public void certificateExpires(String listener, Instant at) {}
      };

  /** A request was answered with 500, or not at all, because of a fault of ours. */
  void failed(String listener);

  /** A client's connection was closed though it had not ended. */
  void closed(String listener, CloseReason reason);

  /** A request did not show the listener's token. */
  void unauthorized(String listener);

  /** Clients will go wrong after {@code at}, when the certificate in force expires. */
  void certificateExpires(String listener, Instant at);

  /** Why a server closes a connection. */
  public enum CloseReason {
    /** All places were taken, and this one had been without a request for longest. */
    CROWDED,
    /** There was no request for too long. */
    IDLE,
    /** The head or the body of a request did not come in time. */
    SLOW_REQUEST,
    /** We did not answer in time. */
    UNANSWERED,
    /** Its request failed when part of the answer was on its way. */
    FAILED
  }
}
