package chase.daemon.ledger;

import chase.carbon.CarbonIntensity;
import chase.daemon.grid.GridState;
import chase.zeus.engine.GpuView;
import chase.zeus.engine.Snapshot;
import chase.zeus.gpu.GpuId;
import chase.zeus.unit.Joules;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Turns energy into grams: each GPU's energy since the last snapshot, times the intensity that may
 * be trusted at this one. It needs snapshots from one thread, in order; any thread may read.
 */
public final class EmissionsMeter {
  private final Map<GpuId, Joules> counted = new HashMap<>();
  private volatile EmissionTotals emissions = EmissionTotals.NONE;

  /** Counts the energy that came since the last snapshot. */
  public void update(Snapshot snapshot, GridState grid) {
    Optional<CarbonIntensity> intensity =
        grid.trustedAt(snapshot.at()) ? grid.current() : Optional.empty();
    Map<GpuId, EmissionTotals.GpuEmissions> shares = new HashMap<>(emissions.shares());
    for (GpuView gpu : snapshot.gpus()) {
      gpu.energy()
          .ifPresent(energy -> count(shares, gpu.traits().id(), energy.joules(), intensity));
    }
    emissions = new EmissionTotals(shares);
  }

  /** Everything counted so far. */
  public EmissionTotals emissions() {
    return emissions;
  }

  private void count(
      Map<GpuId, EmissionTotals.GpuEmissions> shares,
      GpuId gpu,
      Joules energy,
      Optional<CarbonIntensity> intensity) {
    Joules delta = since(counted.getOrDefault(gpu, Joules.ZERO), energy);
    counted.put(gpu, energy);
    EmissionTotals.GpuEmissions before =
        shares.getOrDefault(gpu, EmissionTotals.GpuEmissions.NOTHING);
    shares.put(
        gpu, intensity.map(now -> emit(before, delta, now)).orElseGet(() -> miss(before, delta)));
  }

  /** Energy counts from Chase's start; a total that went back has begun again at zero. */
  private static Joules since(Joules before, Joules now) {
    return now.compareTo(before) >= 0 ? new Joules(now.value() - before.value()) : now;
  }

  private static EmissionTotals.GpuEmissions emit(
      EmissionTotals.GpuEmissions before, Joules delta, CarbonIntensity intensity) {
    Map<String, Double> grams = new HashMap<>(before.gramsByKind());
    grams.merge(
        intensity.provenance().label(),
        delta.kilowattHours() * intensity.value().value(),
        Double::sum);
    return new EmissionTotals.GpuEmissions(grams, before.withoutSignal());
  }

  private static EmissionTotals.GpuEmissions miss(
      EmissionTotals.GpuEmissions before, Joules delta) {
    return new EmissionTotals.GpuEmissions(
        before.gramsByKind(), before.withoutSignal().plus(delta));
  }

  /**
   * What each GPU emitted since Chase started, immutable. A GPU whose energy is unknown is absent.
   *
   * @param shares by GPU
   */
  public record EmissionTotals(Map<GpuId, GpuEmissions> shares) {
    /** Nothing counted yet. */
    public static final EmissionTotals NONE = new EmissionTotals(Map.of());

    /** Copies the map. */
    public EmissionTotals {
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
}
