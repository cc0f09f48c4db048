package chase.zeus.gpu.simulated;

import chase.zeus.gpu.PowerRange;
import chase.zeus.gpu.simulated.SimulatedState.Controls;
import chase.zeus.gpu.simulated.SimulatedState.UserSettings;
import chase.zeus.unit.Watts;

/**
 * Faults of one simulated GPU, switched on and off by the caller. Safe to call from any thread;
 * each call takes effect at the clock's current time.
 */
public final class FaultInjection {
  private final SimulatedGpu gpu;

  FaultInjection(SimulatedGpu gpu) {
    this.gpu = gpu;
  }

  /**
   * Makes the driver refuse every limit, as it does without root's permissions, or accept them
   * again.
   */
  public void refuseWrites(boolean refuse) {
    gpu.update(state -> state.with(state.controls().writable(!refuse)));
  }

  /** The GPU falls off the bus: every call fails as lost, and its job and meters stand still. */
  public void lose() {
    gpu.update(state -> state.with(state.controls().lost(true)));
  }

  /**
   * The driver is reloaded: a lost GPU is back, limit and clocks are the default and the counters
   * start at zero. The out-of-band ceiling, the permissions and the job's steps stay.
   */
  public void reload() {
    gpu.update(state -> {
      Controls controls =
          state
              .controls()
              .lost(false)
              .withRequested(range().max())
              .withUserSettings(UserSettings.FRESH);
      return new SimulatedState(state.at(), controls, state.meters().reloaded());
    });
  }

  /**
   * Sets a limit out of band, as a baseboard controller does: the enforced limit is never above it,
   * and the requested one does not show it.
   *
   * @throws IllegalArgumentException when it lies outside the GPU's range
   */
  public void ceiling(Watts limit) {
    Watts checked = inRange(limit);
    gpu.update(state -> state.with(state.controls().withCeiling(checked)));
  }

  /** Removes the out-of-band limit. */
  public void liftCeiling() {
    ceiling(range().max());
  }

  /**
   * An external process on the host sets the limit.
   *
   * @throws IllegalArgumentException when it lies outside the GPU's range
   */
  public void externalWrite(Watts limit) {
    Watts checked = inRange(limit);
    gpu.update(state -> state.with(state.controls().withRequested(checked)));
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
