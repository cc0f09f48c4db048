package chase.zeus.batchsize.trace;

/** A recurrence was tried as often as Zeus would, and no try reached the target. */
public final class TargetMissed extends RuntimeException {
  private static final long serialVersionUID = 1;

  TargetMissed(String message) {
    super(message);
  }
}
