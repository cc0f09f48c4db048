package chase.daemon.events;

import chase.zeus.engine.Refusal;

/** A command was not done and changed nothing; {@link #refusal()} says why. */
public final class CommandRefused extends RuntimeException {
  private final Refusal refusal;

  /** Carries the engine's refusal to the caller. */
  public CommandRefused(Refusal refusal) {
    super(refusal.message());
    this.refusal = refusal;
  }

  /** Why, as the engine puts it. */
  public Refusal refusal() {
    return refusal;
  }
}
