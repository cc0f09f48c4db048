package chase.daemon.http;

/** Why a server closes a connection. */
public enum CloseReason {
  /** All places were taken, and this one had been without a request for longest. */
  CROWDED,
  /** Nothing was asked for too long. */
  IDLE,
  /** The head or the body of a request did not come in time. */
  SLOW_REQUEST,
  /** We did not answer in time. */
  UNANSWERED,
  /** Its request failed when part of the answer was on its way. */
  FAILED
}
