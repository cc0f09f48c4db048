package chase.zeus.gpu.simulated;

import chase.zeus.gpu.PowerRange;
import chase.zeus.unit.Watts;
import java.util.function.BinaryOperator;

/**
 * What can go wrong with one simulated card, switched by hand. Safe to call from any thread; each
 * switch acts at the clock's present moment.
 */
public final class FaultInjection {
  private final SimulatedGpu gpu;

  FaultInjection(SimulatedGpu gpu) {
    this.gpu = gpu;
  }

  /** Whether the driver refuses every limit, as it does without root's rights. */
  public void refuseWrites(boolean refuse) {
    gpu.update(state -> state.with(state.controls().writable(!refuse)));
  }

  /** The card falls off the bus: every call fails as lost, and its job and meters stand still. */
  public void lose() {
    gpu.update(state -> state.with(state.controls().lost(true)));
  }

  /**
   * The driver is loaded anew: a lost card is found, limit and clocks are the default and the
   * counters start at zero. The out-of-band ceiling, the rights and the job's steps stay.
   */
  public void reload() {
    gpu.update(state -> {
      SimulatedState.Controls setting =
          state
              .controls()
              .lost(false)
              .withRequested(range().max())
              .withUserSettings(SimulatedState.UserSettings.FRESH);
      return new SimulatedState(state.at(), setting, state.meters().reloaded());
    });
  }

  /**
   * A limit set out of band (a baseboard controller's): the enforced limit is never above it, and
   * the requested one does not show it.
   *
   * @throws IllegalArgumentException when it lies outside the card's range
   */
  public void ceiling(Watts limit) {
    Watts checked = inRange(limit);
    gpu.update(state -> state.with(state.controls().withCeiling(checked)));
  }

  /** No out-of-band limit any more. */
  public void liftCeiling() {
    ceiling(range().max());
  }

  /**
   * Somebody else on the host sets the limit.
   *
   * @throws IllegalArgumentException when it lies outside the card's range
   */
  public void externalWrite(Watts limit) {
    Watts checked = inRange(limit);
    gpu.update(state -> state.with(state.controls().withRequested(checked)));
  }

  /** Somebody switches MIG on or off. */
  public void setMig(boolean on) {
    gpu.update(state -> {
      SimulatedState.Controls.Driver driver =
          new SimulatedState.Controls.Driver(on, state.controls().driver().stored());
      return state.with(state.controls().withDriver(driver));
    });
  }

  /**
   * The driver keeps something else than what it is asked for, as drivers do that round, clamp or
   * ignore.
   *
   * @param keeps the limit that is kept, from the one asked for and the one before; must be pure
   */
  public void storeInstead(BinaryOperator<Watts> keeps) {
    gpu.update(state -> {
      SimulatedState.Controls.Driver driver =
          new SimulatedState.Controls.Driver(state.controls().driver().migEnabled(), keeps);
      return state.with(state.controls().withDriver(driver));
    });
  }

  private Watts inRange(Watts limit) {
    Watts whole = Watts.ofMilliwatts(limit.toMilliwatts());
    if (!range().contains(whole)) {
      throw new IllegalArgumentException(limit + " is outside " + range());
    }
    return whole;
  }

  private PowerRange range() {
    return gpu.preset().powerRange();
  }
}
