package chase.zeus.gpu.simulated;

import chase.zeus.gpu.PowerRange;
import chase.zeus.unit.Watts;
import java.util.function.BinaryOperator;

/**
 * What can go wrong with one simulated card, switched by hand. Safe to call from any thread; each
 * switch acts at the clock's present moment.
 */
public final class Faults {
  private final SimulatedGpu gpu;

  Faults(SimulatedGpu gpu) {
    this.gpu = gpu;
  }

  /** Whether the driver refuses every limit, as it does without root's rights. */
  public void refuseWrites(boolean refuse) {
    gpu.change(state -> state.with(state.setting().writable(!refuse)));
  }

  /** The card falls off the bus: every call fails as lost, and its job and meters stand still. */
  public void lose() {
    gpu.change(state -> state.with(state.setting().lost(true)));
  }

  /**
   * The driver is loaded anew: a lost card is found, limit and clocks are the default and the
   * counters start at zero. The out-of-band ceiling, the rights and the job's steps stay.
   */
  public void reload() {
    gpu.change(state -> {
      Setting setting = state.setting().lost(false).requesting(range().max()).turned(Knobs.FRESH);
      return new CardState(state.at(), setting, state.meters().reloaded());
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
    gpu.change(state -> state.with(state.setting().under(checked)));
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
  public void foreignWrite(Watts limit) {
    Watts checked = inRange(limit);
    gpu.change(state -> state.with(state.setting().requesting(checked)));
  }

  /** Somebody switches MIG on or off. */
  public void partition(boolean on) {
    gpu.change(state -> {
      Setting.Driver driver = new Setting.Driver(on, state.setting().driver().keeps());
      return state.with(state.setting().treated(driver));
    });
  }

  /**
   * The driver keeps something else than what it is asked for, as drivers do that round, clamp or
   * ignore.
   *
   * @param keeps the limit that is kept, from the one asked for and the one before; must be pure
   */
  public void keep(BinaryOperator<Watts> keeps) {
    gpu.change(state -> {
      Setting.Driver driver = new Setting.Driver(state.setting().driver().partitioned(), keeps);
      return state.with(state.setting().treated(driver));
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
