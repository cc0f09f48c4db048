package chase.zeus.engine;

import java.util.List;

/**
 * Why a command cannot be done.
 *
 * @param cause what kind of mistake it is
 * @param message one readable line that names the offending thing
 */
public record Refusal(Cause cause, String message) implements Engine.Response {
  /** Kinds of mistakes. */
  public enum Cause {
    /** No GPU of that UUID. */
    UNKNOWN_GPU,
    /** No job of that id, as far as anybody remembers. */
    UNKNOWN_JOB,
    /** The job of that id has ended. */
    JOB_ENDED,
    /** What is there already speaks against it. */
    CONFLICT,
    /** A limit or time outside what is allowed. */
    OUT_OF_RANGE,
    /** Chase does not write this GPU, or nothing at all now. */
    NOT_WRITABLE
  }

  /** None. */
  @Override
  public List<Order> orders() {
    return List.of();
  }
}
