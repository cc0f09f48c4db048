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
public record Emissions(Map<GpuId, GpuEmissions> shares) {
  /** Nothing counted yet. */
  public static final Emissions NONE = new Emissions(Map.of());

  /** Copies the map. */
  public Emissions {
    shares = Map.copyOf(shares);
  }

  /**
   * One GPU's part. The energy behind the grams and {@code withoutSignal} together are all the
   * energy that the GPU used.
   *
   * @param gramsByKind CO2 (equivalent) of the energy used while the grid's signal could be
   *     trusted, by the kind of number that the intensity was, such as {@code measured}
   * @param withoutSignal the energy used while it could not, which is in no grams
   */
  public record GpuEmissions(Map<String, Double> gramsByKind, Joules withoutSignal) {
    static final GpuEmissions NOTHING = new GpuEmissions(Map.of(), Joules.ZERO);

    /** Copies the map. */
    public GpuEmissions {
      gramsByKind = Map.copyOf(gramsByKind);
    }

    /** The CO2 (equivalent) of all kinds. */
    public double grams() {
      return gramsByKind.values().stream().mapToDouble(Double::doubleValue).sum();
    }
  }

  /** The part of {@code gpu}, empty while its energy is unknown. */
  public Optional<GpuEmissions> of(GpuId gpu) {
    return Optional.ofNullable(shares.get(gpu));
  }
}
