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
 * be trusted at this one. Tell it snapshots from one thread, in order; any thread may read.
 */
public final class EmissionsMeter {
  private final Map<GpuId, Joules> counted = new HashMap<>();
  private volatile Emissions emissions = Emissions.NONE;

  /** Counts the energy that came since the last snapshot. */
  public void update(Snapshot snapshot, GridState grid) {
    Optional<CarbonIntensity> intensity =
        grid.trustedAt(snapshot.at()) ? grid.current() : Optional.empty();
    Map<GpuId, Emissions.GpuEmissions> shares = new HashMap<>(emissions.shares());
    for (GpuView gpu : snapshot.gpus()) {
      gpu.energy()
          .ifPresent(energy -> count(shares, gpu.traits().id(), energy.joules(), intensity));
    }
    emissions = new Emissions(shares);
  }

  /** Everything counted so far. */
  public Emissions emissions() {
    return emissions;
  }

  private void count(
      Map<GpuId, Emissions.GpuEmissions> shares,
      GpuId gpu,
      Joules energy,
      Optional<CarbonIntensity> intensity) {
    Joules delta = since(counted.getOrDefault(gpu, Joules.ZERO), energy);
    counted.put(gpu, energy);
    Emissions.GpuEmissions before = shares.getOrDefault(gpu, Emissions.GpuEmissions.NOTHING);
    shares.put(
        gpu, intensity.map(now -> emit(before, delta, now)).orElseGet(() -> miss(before, delta)));
  }

  /** Energy counts from Chase's start; a total that went back has begun again at zero. */
  private static Joules since(Joules before, Joules now) {
    return now.compareTo(before) >= 0 ? new Joules(now.value() - before.value()) : now;
  }

  private static Emissions.GpuEmissions emit(
      Emissions.GpuEmissions before, Joules delta, CarbonIntensity intensity) {
    Map<String, Double> grams = new HashMap<>(before.gramsByKind());
    grams.merge(
        intensity.provenance().label(),
        delta.kilowattHours() * intensity.value().value(),
        Double::sum);
    return new Emissions.GpuEmissions(grams, before.withoutSignal());
  }

  private static Emissions.GpuEmissions miss(Emissions.GpuEmissions before, Joules delta) {
    return new Emissions.GpuEmissions(before.gramsByKind(), before.withoutSignal().plus(delta));
  }
}
