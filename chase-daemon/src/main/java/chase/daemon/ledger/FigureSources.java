package chase.daemon.ledger;

import chase.carbon.CarbonIntensity;
import chase.carbon.EnergyPrice;
import chase.daemon.grid.GridState;
import chase.zeus.engine.GpuView;
import chase.zeus.engine.HostPower;
import chase.zeus.engine.JobView;
import chase.zeus.engine.Snapshot;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/**
 * The sources of one row's figures; what is empty here is unknown in the row.
 *
 * @param simulated whether the GPU is simulated
 * @param energy {@code counter} for the GPU's own, {@code integrated} for the sum of power samples
 * @param host {@code configured} or {@code measured} draw of the host
 * @param carbon whose intensity weighed the energy
 * @param price whose price was paid for it
 * @param work how the job's work is counted: {@code reported}, {@code gpm} or {@code clock}
 */
public record FigureSources(
    boolean simulated,
    Optional<String> energy,
    Optional<String> host,
    Optional<IntensityProvenance> carbon,
    Optional<PriceProvenance> price,
    Optional<String> work) {

  /**
   * The source of a carbon intensity.
   *
   * @param provider its provider
   * @param region its region
   * @param level how far the signal had fallen back, such as {@code live}
   * @param origin what the number was: measured, estimated, forecast, own-forecast, replayed or
   *     static
   * @param kind such as {@code average, lifecycle}
   */
  public record IntensityProvenance(
      String provider, String region, String level, String origin, String kind) {
    static IntensityProvenance of(CarbonIntensity now, GridState grid) {
      return new IntensityProvenance(
          now.provider(),
          now.region().code(),
          grid.level().label(),
          now.provenance().label(),
          now.kind().description());
    }

    /** Such as {@code electricity-maps US-CAL-CISO, live, measured, average, lifecycle}. */
    String description() {
      String from = level.equals(origin) ? origin : level + ", " + origin;
      return "%s %s, %s, %s".formatted(provider, region, from, kind);
    }
  }

  /**
   * The source of a price.
   *
   * @param provider its provider
   * @param region the bidding zone
   * @param currency its code, such as {@code EUR}
   * @param origin {@code measured} for settled prices, {@code replayed} for recorded ones
   */
  public record PriceProvenance(String provider, String region, String currency, String origin) {
    static PriceProvenance of(EnergyPrice now) {
      return new PriceProvenance(
          now.provider(),
          now.region().code(),
          now.value().currency().getCurrencyCode(),
          now.provenance().label());
    }

    /** Such as {@code energinet DK1, measured, EUR}. */
    String description() {
      return "%s %s, %s, %s".formatted(provider, region, origin, currency);
    }
  }

  /** The sources of {@code gpu} at this moment. */
  static FigureSources of(
      GpuView gpu, Snapshot snapshot, TrustedGrid trusted, Optional<String> work) {
    HostPower host = snapshot.hostPower();
    return new FigureSources(
        gpu.traits().simulated(),
        // The energy of a GPU that does not answer is unknown, which is not the same as none.
        gpu.energy()
            .filter(energy -> gpu.contact().answers())
            .map(energy -> energy.basis().name().toLowerCase(Locale.ROOT)),
        host.perGpu().value() > 0
            ? Optional.of(host.source().name().toLowerCase(Locale.ROOT))
            : Optional.empty(),
        trusted.carbon().map(now -> IntensityProvenance.of(now, trusted.grid())),
        trusted.price().map(PriceProvenance::of),
        work);
  }

  static Optional<String> workSource(JobView job) {
    return job.workSource().map(source -> source.label());
  }

  /**
   * The signals that may be trusted at one moment.
   *
   * @param grid all that is known
   * @param carbon the carbon intensity
   * @param price the price of energy
   */
  record TrustedGrid(
      GridState grid, Optional<CarbonIntensity> carbon, Optional<EnergyPrice> price) {
    static TrustedGrid at(Instant now, GridState grid) {
      return new TrustedGrid(
          grid,
          grid.trustedAt(now) ? grid.current() : Optional.empty(),
          grid.price().filter(known -> known.trustedAt(now)).flatMap(known -> known.current(now)));
    }
  }
}
