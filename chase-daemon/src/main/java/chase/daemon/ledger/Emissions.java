package chase.daemon.ledger;

import chase.zeus.gpu.GpuId;
import chase.zeus.unit.Joules;
import java.util.Map;
import java.util.Optional;

/**
 * What each GPU emitted since Chase started, immutable. A GPU whose energy is unknown is absent.
 *
 * @param shares by GPU
 */
public record Emissions(Map<GpuId, Share> shares) {
  /** Nothing counted yet. */
  public static final Emissions NONE = new Emissions(Map.of());

  /** Copies the map. */
  public Emissions {
    shares = Map.copyOf(shares);
  }

  /**
   * One GPU's part. The energy behind {@code grams} and {@code withoutSignal} together are all the
   * energy that the GPU used.
   *
   * @param grams CO2 (equivalent) of the energy used while the grid's signal could be trusted
   * @param withoutSignal the energy used while it could not, which is in no grams
   */
  public record Share(double grams, Joules withoutSignal) {
    static final Share NOTHING = new Share(0, Joules.ZERO);
  }

  /** The part of {@code gpu}, empty while its energy is unknown. */
  public Optional<Share> of(GpuId gpu) {
    return Optional.ofNullable(shares.get(gpu));
  }
}
