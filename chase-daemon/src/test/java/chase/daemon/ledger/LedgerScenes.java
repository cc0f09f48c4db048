package chase.daemon.ledger;

import chase.carbon.CarbonIntensity;
import chase.carbon.EnergyPrice;
import chase.carbon.GramsPerKwh;
import chase.carbon.MoneyPerMwh;
import chase.carbon.Provenance;
import chase.carbon.Region;
import chase.carbon.SignalKind;
import chase.carbon.fallback.FallbackLevel;
import chase.daemon.grid.EnergyWeights;
import chase.daemon.grid.GridState;
import chase.daemon.grid.Insight;
import chase.daemon.grid.PriceState;
import chase.zeus.engine.GpuView;
import chase.zeus.engine.HostPower;
import chase.zeus.engine.JobId;
import chase.zeus.engine.JobSpec;
import chase.zeus.engine.JobView;
import chase.zeus.engine.ProfileView;
import chase.zeus.engine.Reason;
import chase.zeus.engine.SafetyRules;
import chase.zeus.engine.Snapshot;
import chase.zeus.gpu.GpuId;
import chase.zeus.gpu.GpuTraits;
import chase.zeus.gpu.PowerLimits;
import chase.zeus.policy.JobProgress;
import chase.zeus.policy.PowerPolicy;
import chase.zeus.profile.Estimate;
import chase.zeus.profile.MeasuredProfile;
import chase.zeus.profile.ProfilingCost;
import chase.zeus.unit.Joules;
import chase.zeus.unit.Watts;
import java.time.Duration;
import java.time.Instant;
import java.util.Currency;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** Hosts, grids and jobs for the ledger's tests. */
final class LedgerScenes {
  static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");
  static final GpuId FIRST = new GpuId("GPU-aaaa");
  static final GpuId SECOND = new GpuId("GPU-bbbb");
  static final double KWH = 3.6e6;

  private LedgerScenes() {}

  static Instant at(long seconds) {
    return NOON.plusSeconds(seconds);
  }

  static Snapshot snapshot(long second, double hostWatts, List<JobView> jobs, GpuView... gpus) {
    return new Snapshot(
        at(second),
        SafetyRules.Mode.CONTROL,
        false,
        PowerPolicy.max(),
        Optional.empty(),
        new HostPower(new Watts(hostWatts), HostPower.PowerSource.CONFIGURED),
        List.of(gpus),
        jobs,
        Map.of(),
        Map.of(),
        List.of(),
        List.of());
  }

  static GpuView gpu(GpuId id, double joules, double limit) {
    return gpu(
        id,
        Optional.of(new GpuView.GpuEnergy(new Joules(joules), GpuView.EnergyBasis.COUNTER)),
        Optional.of(new PowerLimits(new Watts(limit), new Watts(limit))));
  }

  /** The same card as the engine tells of it once it answers no more, in that way. */
  static GpuView gone(GpuView known, GpuView.Contact.State how) {
    return new GpuView(
        known.traits(),
        known.original(),
        known.allowed(),
        known.target(),
        known.reason(),
        known.limits(),
        known.pending(),
        known.profile(),
        Optional.empty(),
        known.readAt(),
        known.energy(),
        known.meteredEnergy(),
        known.rejected(),
        new GpuView.Contact(how, at(0), at(0), Optional.of("it does not answer")),
        known.counts());
  }

  static GpuView gpu(GpuId id, Optional<GpuView.GpuEnergy> energy, Optional<PowerLimits> limits) {
    GpuTraits traits =
        new GpuTraits(
            id,
            id.equals(FIRST) ? 0 : 1,
            "Simulated H100",
            Optional.empty(),
            "1",
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            true);
    return new GpuView(
        traits,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        new Reason.Chosen(),
        limits,
        false,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        energy,
        GpuView.WriteCounts.NONE);
  }

  /** A job that has done {@code done} seconds of work at full power in {@code elapsed} seconds. */
  static JobView job(String id, long steps, double done, double elapsed, GpuId... gpus) {
    return new JobView(
        new JobId(id),
        new JobSpec(
            "resnet",
            List.of(gpus),
            OptionalInt.empty(),
            OptionalLong.empty(),
            Optional.empty(),
            Optional.empty(),
            OptionalDouble.of(0.05)),
        PowerPolicy.budget(0.05),
        NOON,
        NOON,
        OptionalLong.of(steps),
        OptionalDouble.empty(),
        OptionalDouble.empty(),
        elapsed > 0
            ? Optional.of(
                new JobProgress(
                    NOON,
                    NOON.plus(Duration.ofMillis(Math.round(1000 * elapsed))),
                    done,
                    OptionalDouble.empty(),
                    Optional.empty(),
                    Optional.empty()))
            : Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        false,
        false,
        Optional.of(profile()),
        Map.of());
  }

  /** 400 W for half the speed of 600 W. */
  private static ProfileView profile() {
    return new ProfileView(
        Optional.empty(),
        3,
        3,
        List.of(measured(300, 280, 50), measured(450, 400, 80), measured(700, 600, 100)),
        new ProfilingCost(Duration.ZERO, Joules.ZERO, 0),
        1,
        ProfileView.WorkSource.REPORTED,
        Optional.of(GpuView.EnergyBasis.COUNTER),
        0);
  }

  private static ProfileView.DatedPoint measured(double limit, double watts, double work) {
    return new ProfileView.DatedPoint(
        new MeasuredProfile.MeasuredPoint(
            new Watts(limit), new Estimate(1000, watts, 0.1), new Estimate(1000, work, 0.01)),
        NOON);
  }

  static GridState grid(double grams) {
    return grid(Optional.of(intensity(grams)), Optional.empty());
  }

  static GridState grid(double grams, double price) {
    return grid(Optional.of(intensity(grams)), Optional.of(price(price)));
  }

  static GridState silent() {
    return grid(Optional.empty(), Optional.empty());
  }

  private static GridState grid(Optional<CarbonIntensity> now, Optional<PriceState> price) {
    return new GridState(
        "trace",
        new Region("CISO"),
        now.isPresent() ? FallbackLevel.LIVE : FallbackLevel.NO_SIGNAL,
        now,
        List.of(),
        Optional.empty(),
        Duration.ofDays(2),
        OptionalDouble.empty(),
        0,
        0,
        Insight.NONE,
        price,
        EnergyWeights.CARBON);
  }

  private static CarbonIntensity intensity(double grams) {
    return new CarbonIntensity(
        new GramsPerKwh(grams),
        new SignalKind(SignalKind.Margin.AVERAGE, SignalKind.Scope.LIFECYCLE),
        new Provenance.Measured(),
        "trace",
        new Region("CISO"),
        NOON.minusSeconds(3600),
        NOON.plusSeconds(86_400),
        NOON,
        NOON,
        Optional.empty());
  }

  private static PriceState price(double money) {
    var price =
        new EnergyPrice(
            new MoneyPerMwh(money, Currency.getInstance("EUR")),
            new Provenance.Measured(),
            "energinet",
            new Region("DK1"),
            NOON.minusSeconds(3600),
            NOON.plusSeconds(86_400),
            NOON,
            NOON);
    return new PriceState(
        "energinet",
        new Region("DK1"),
        List.of(price),
        Optional.empty(),
        Duration.ofHours(2),
        OptionalDouble.empty(),
        1,
        0);
  }
}
