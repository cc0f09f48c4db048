package chase.zeus.engine;

import chase.zeus.policy.PowerPolicy;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Decides each GPU's power limit. Call from one thread only; the caller carries out the orders. */
public final class Engine {
  private volatile Snapshot snapshot;

  /** An engine without GPUs, at {@code start}. */
  public Engine(Rules rules, PowerPolicy policy, Instant start) {
    snapshot = new Snapshot(start, rules.mode(), false, policy, Optional.empty(), List.of());
  }

  /** Takes in what happened and says what to do: at most one order for each GPU. */
  public List<Order> on(Event event) {
    snapshot =
        new Snapshot(
            event.at(),
            snapshot.mode(),
            snapshot.paused(),
            snapshot.policy(),
            snapshot.outlook(),
            snapshot.gpus());
    return List.of();
  }

  /** Why {@code command} cannot be done; empty when {@link #on} would do it. */
  public Optional<Refusal> refusal(Event.Command command) {
    return Optional.empty();
  }

  /** The state after the last event; any thread may ask. */
  public Snapshot snapshot() {
    return snapshot;
  }
}
