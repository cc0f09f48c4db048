package chase.zeus.engine;

/** Whether limits are written. */
public enum Mode {
  /** Limits are decided and written. */
  CONTROL,
  /** Limits are decided and shown, and never written. */
  OBSERVE
}
