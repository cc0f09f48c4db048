package chase.daemon.metrics;

import static chase.daemon.metrics.Metric.counter;

import chase.daemon.ledger.EmissionsMeter;
import chase.zeus.energy.GpuEnergy;
import chase.zeus.engine.GpuView;
import chase.zeus.gpu.RejectedReadings;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/** What the GPUs used and emitted since Chase started. */
final class EnergyMetrics {
  static final List<Metric> ALL =
      List.of(
          counter(
              "chase_gpu_energy_joules_total",
              "Energy since Chase started; source is the GPU's counter or integrated power"
                  + " samples, and each stretch of time is in one of both.",
              scrape -> scrape.gpus().flatMap(EnergyMetrics::energy)),
          counter(
              "chase_gpu_rejected_readings_total",
              "Readings of power and energy that were rejected, by reason.",
              scrape -> scrape.gpus().flatMap(EnergyMetrics::rejected)),
          counter(
              "chase_emissions_grams_total",
              "CO2 (equivalent) since Chase started, of the energy used while the signal was"
                  + " trusted; kind is that of the intensity.",
              scrape -> scrape.gpus().flatMap(gpu -> grams(gpu, scrape.emissions()))),
          counter(
              "chase_energy_without_signal_joules_total",
              "Energy since Chase started that was used without a trusted signal.",
              scrape -> shares(scrape, share -> share.withoutSignal().value())));

  private EnergyMetrics() {}

  private static Stream<Sample> energy(GpuView gpu) {
    return gpu.energy().stream()
        .flatMap(energy ->
            Stream.of(GpuEnergy.EnergyBasis.values())
                .filter(way -> way == energy.basis() || energy.by(way).value() > 0)
                .map(way ->
                    Sample.of(
                        energy.by(way).value(),
                        "uuid",
                        gpu.traits().id().uuid(),
                        "source",
                        source(way))));
  }

  /** Every reason, so that a first one shows as a rise. */
  private static Stream<Sample> rejected(GpuView gpu) {
    return Stream.of(RejectedReadings.ReadingFault.values())
        .map(cause ->
            Sample.of(
                (double) gpu.rejected().counts().getOrDefault(cause, 0L),
                "uuid",
                gpu.traits().id().uuid(),
                "reason",
                cause.name().toLowerCase(Locale.ROOT)));
  }

  private static String source(GpuEnergy.EnergyBasis basis) {
    return switch (basis) {
      case COUNTER -> "counter";
      case INTEGRATED -> "integrated";
    };
  }

  private static Stream<Sample> grams(GpuView gpu, EmissionsMeter.EmissionTotals emissions) {
    return emissions.of(gpu.traits().id()).stream()
        .flatMap(share -> share.gramsByKind().entrySet().stream())
        .map(kind ->
            Sample.of(kind.getValue(), "uuid", gpu.traits().id().uuid(), "kind", kind.getKey()));
  }

  private static Stream<Sample> shares(
      Scrape scrape, ToDoubleFunction<EmissionsMeter.EmissionTotals.GpuEmissions> value) {
    return scrape
        .gpus()
        .flatMap(gpu ->
            scrape.emissions().of(gpu.traits().id()).stream()
                .map(share -> Sample.of(gpu, value.applyAsDouble(share))));
  }
}
