package chase.daemon.http;

/** Counts what went wrong between the servers and their clients. Any thread may call. */
public interface FailureCounter {
  /** Counts nothing. */
  FailureCounter NONE =
      new FailureCounter() {
        @Override
        public void failed(String listener) {}

        @Override
        public void closed(String listener, CloseReason reason) {}
      };

  /** A request was answered with 500, or not at all, because of a fault of ours. */
  void failed(String listener);

  /** A client's connection was closed though it had not ended. */
  void closed(String listener, CloseReason reason);
}
