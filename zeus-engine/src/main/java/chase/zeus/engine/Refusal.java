package chase.zeus.engine;

import java.util.List;

/**
 * Why a command was not carried out. Nothing changed.
 *
 * @param cause the kind of mistake
 * @param message one line for people that names what was wrong
 */
public record Refusal(Cause cause, String message) implements Engine.Response {
  /** Kinds of mistakes. */
  public enum Cause {
    /** No GPU with that UUID. */
    UNKNOWN_GPU,
    /** No job with that id, running or among the last that ended. */
    UNKNOWN_JOB,
    /** The job with that id has ended. */
    JOB_ENDED,
    /** It contradicts what is registered already. */
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
