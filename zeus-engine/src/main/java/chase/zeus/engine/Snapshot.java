package chase.zeus.engine;

import chase.zeus.gpu.GpuId;
import chase.zeus.policy.EnergyOutlook;
import chase.zeus.policy.PowerPolicy;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The engine's whole state at one moment, immutable.
 *
 * @param at the last event's time
 * @param mode whether limits are written
 * @param paused whether an operator paused Chase
 * @param policy the host's policy
 * @param outlook what energy weighs, where a signal has come in; see its own trust
 * @param gpus every card that was ever opened, in the driver's order
 */
public record Snapshot(
    Instant at,
    Mode mode,
    boolean paused,
    PowerPolicy policy,
    Optional<EnergyOutlook> outlook,
    List<GpuView> gpus) {
  /** Copies the list. */
  public Snapshot {
    gpus = List.copyOf(gpus);
  }

  /** The card of that name. */
  public Optional<GpuView> gpu(GpuId id) {
    return gpus.stream().filter(gpu -> gpu.traits().id().equals(id)).findFirst();
  }
}
