package chase.daemon.bodies;

import chase.carbon.CarbonIntensity;
import chase.daemon.api.ExplainBody;
import chase.daemon.api.GpuBody;
import chase.daemon.api.JobBody;
import chase.daemon.api.NotificationBody;
import chase.daemon.api.PolicyBody;
import chase.daemon.api.StatusBody;
import chase.daemon.events.Notification;
import chase.daemon.explain.GpuExplanation;
import chase.daemon.explain.GridText;
import chase.daemon.explain.KeptText;
import chase.daemon.explain.ReasonText;
import chase.daemon.gpu.DriverState;
import chase.daemon.grid.GridState;
import chase.daemon.ledger.EmissionsMeter;
import chase.daemon.ledger.GpuOwner;
import chase.daemon.ledger.GpuOwners;
import chase.zeus.energy.GpuEnergy;
import chase.zeus.engine.GpuView;
import chase.zeus.engine.HostPower;
import chase.zeus.engine.JobView;
import chase.zeus.engine.KeptState.OperatorPause;
import chase.zeus.engine.KeptState.PolicyChoice;
import chase.zeus.engine.KeptState.PolicyTrial;
import chase.zeus.engine.Lease;
import chase.zeus.engine.PolicyScope;
import chase.zeus.engine.Snapshot;
import chase.zeus.gpu.GpuId;
import chase.zeus.gpu.GpuReading;
import chase.zeus.gpu.GpuTraits;
import chase.zeus.gpu.PowerLimits;
import chase.zeus.gpu.PowerRange;
import chase.zeus.gpu.RejectedReadings;
import chase.zeus.policy.PowerPolicy;
import chase.zeus.unit.Watts;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The daemon's state as JSON bodies; pure.
 *
 * @param owners the engine's state, and who uses which GPU
 * @param grid the grid's state
 * @param emissions what each GPU emitted since Chase started
 * @param driver where the GPU driver stands
 * @param unanswered the GPUs that the engine never saw
 * @param now the moment at which the bodies have to be true
 */
public record GpuBodies(
    GpuOwners owners,
    GridState grid,
    EmissionsMeter.EmissionTotals emissions,
    DriverState driver,
    DriverState.UnansweredGpus unanswered,
    Instant now) {
  /** The engine's state. */
  public Snapshot snapshot() {
    return owners.snapshot();
  }

  /** The whole daemon but for its configuration. */
  public StatusBody status(String version) {
    return status(version, Optional.empty());
  }

  /** The whole daemon. */
  public StatusBody status(String version, Optional<StatusBody.ConfigBody> config) {
    return new StatusBody(
        version,
        snapshot().at(),
        word(snapshot().mode()),
        snapshot().paused(),
        snapshot().pauses().host().map(OperatorPause::since),
        snapshot().pauses().host().flatMap(OperatorPause::until),
        snapshot().policy().spec(),
        snapshot()
            .requests()
            .policy(new PolicyScope.WholeHost())
            .flatMap(PolicyChoice::trial)
            .map(PolicyTrial::until),
        Optional.of(KeptText.of(snapshot())).filter(kept -> !kept.isEmpty()),
        host(),
        driverBody(),
        texts(unanswered.slots()),
        texts(unanswered.records()),
        new SignalBodies(grid, now).brief(),
        config,
        gpus());
  }

  private static Optional<List<String>> texts(Map<?, String> of) {
    return Optional.of(List.copyOf(of.values())).filter(texts -> !texts.isEmpty());
  }

  /** The GPU driver. */
  public StatusBody.DriverBody driverBody() {
    return new StatusBody.DriverBody(driver.word(), driver.whyNot(), driver.releasedUntil());
  }

  private StatusBody.HostBody host() {
    HostPower power = snapshot().hostPower();
    return new StatusBody.HostBody(round(power.perGpu().value()), word(power.source()));
  }

  /** Every GPU. */
  public List<GpuBody> gpus() {
    return snapshot().gpus().stream().map(this::gpu).toList();
  }

  /** One GPU. */
  public GpuBody gpu(GpuView known) {
    GpuView gpu = known.asOf(now);
    ReasonText reason = new GpuExplanation(snapshot(), gpu, grid, now).reason();
    GpuTraits traits = gpu.traits();
    return new GpuBody(
        new GpuBody.Device(
            traits.id().uuid(),
            traits.index(),
            traits.model(),
            traits.simulated(),
            traits.driverVersion(),
            traits.pciBusId()),
        snapshot().policyOn(traits.id()).spec(),
        work(traits.id()),
        new GpuBody.Decision(
            reason.word(),
            reason
                .until()
                .or(() -> gpu.contact().isReleased() ? driver.releasedUntil() : Optional.empty()),
            snapshot().pauses().of(traits.id()).map(OperatorPause::since),
            gpu.pending(),
            snapshot().leaseOn(traits.id()).map(GpuBodies::lease)),
        contact(gpu.contact()),
        limits(gpu),
        gpu.reading().map(reading -> reading(reading, gpu.readAt(), traits.modulePower())),
        gpu.energy().map(GpuBodies::energy),
        rejected(gpu.rejected()),
        emissions.of(traits.id()).map(GpuBodies::emissions),
        new GpuBody.Writes(
            gpu.counts().applied(),
            gpu.counts().refused(),
            gpu.counts().failed(),
            gpu.counts().foreign(),
            gpu.counts().held(),
            gpu.counts().left()));
  }

  private GpuBody.Work work(GpuId gpu) {
    Optional<GpuOwner> owner = owners.ownerOf(gpu);
    return new GpuBody.Work(
        owner.map(GpuOwner::id),
        owner.map(GpuOwner::name),
        owner.map(job -> word(job.kind())),
        snapshot().workOn(gpu).flatMap(JobBodies::source));
  }

  private static GpuBody.Contact contact(GpuView.GpuContact contact) {
    return contact.answers()
        ? new GpuBody.Contact(word(contact.state()), Optional.empty(), Optional.empty())
        : new GpuBody.Contact(
            word(contact.state()), Optional.of(contact.answeredAt()), contact.why());
  }

  private static GpuBody.Energy energy(GpuEnergy energy) {
    return new GpuBody.Energy(
        round(energy.joules().value()), word(energy.basis()), round(energy.integrated().value()));
  }

  private static Map<String, Long> rejected(RejectedReadings readings) {
    Map<String, Long> byCause = new TreeMap<>();
    readings.counts().forEach((cause, count) -> byCause.put(word(cause), count));
    return byCause;
  }

  private static GpuBody.Emissions emissions(EmissionsMeter.EmissionTotals.GpuEmissions share) {
    Map<String, Double> byKind = new TreeMap<>();
    share.gramsByKind().forEach((kind, grams) -> byKind.put(kind, round(grams)));
    return new GpuBody.Emissions(
        round(share.grams()), byKind, round(share.withoutSignal().value()));
  }

  private static GpuBody.LeaseBody lease(Lease lease) {
    return new GpuBody.LeaseBody(
        lease.holder().user(),
        lease.holder().pid(),
        lease.limit().map(limit -> limit.value()),
        lease.until());
  }

  /** Why one GPU is at its limit. */
  public ExplainBody explain(GpuView known) {
    GpuView gpu = known.asOf(now);
    GpuExplanation explanation = new GpuExplanation(snapshot(), gpu, grid, now);
    return new ExplainBody(
        explanation.text(),
        gpu.traits().id().uuid(),
        gpu.traits().index(),
        explanation.reason().word(),
        explanation.reason().until(),
        word(snapshot().mode()),
        explanation.policy().spec(),
        gpu.pending(),
        limits(gpu),
        carbon(explanation.policy()),
        snapshot().jobOn(gpu.traits().id()).map(JobBodies::job));
  }

  private ExplainBody.Carbon carbon(PowerPolicy policy) {
    return new ExplainBody.Carbon(
        grid.current().map(CarbonIntensity::region).orElse(grid.region()).code(),
        grid.trustedAt(now),
        grid.current().map(current -> current.provenance().label()),
        grid.current().map(current -> current.age(now).toSeconds()),
        new SignalBodies(grid, now).grams(),
        new GridText(grid, now).carbonReference(policy));
  }

  /** One thing that happened. */
  public static NotificationBody notification(Notification notification) {
    return new NotificationBody(
        notification.at(),
        word(notification.kind()),
        notification.gpu().map(GpuId::uuid),
        watts(notification.from()),
        watts(notification.to()),
        notification.text());
  }

  /** The jobs that registered, then the anonymous ones. */
  public List<JobBody> jobs() {
    return Stream.concat(
            snapshot().jobs().stream().map(this::registered),
            owners.anonymous().stream().map(job -> JobBodies.anonymous(job, snapshot())))
        .toList();
  }

  private JobBody registered(JobView job) {
    return JobBodies.job(job, snapshot().isKept(job.startedAt()));
  }

  /**
   * One running job, registered or not, and its story in sentences; empty where none has that id.
   */
  public Optional<JobBody> job(String id) {
    return owners.anonymous().stream()
        .filter(known -> known.id().equals(id))
        .findFirst()
        .map(known -> JobBodies.anonymous(known, snapshot()))
        .or(() ->
            snapshot().jobs().stream()
                .filter(known -> known.id().value().equals(id))
                .findFirst()
                .map(this::registered))
        .map(job -> job.withText(text(job)));
  }

  /** A job's GPUs have one limit, so that the first stands for all. */
  private String text(JobBody job) {
    GpuId first = new GpuId(job.identity().gpus().getFirst());
    return snapshot()
        .gpu(first)
        .map(gpu -> new GpuExplanation(snapshot(), gpu.asOf(now), grid, now).text())
        .orElse("");
  }

  /** The policies in force. */
  public PolicyBody policy() {
    return PolicyBodies.of(snapshot());
  }

  private static GpuBody.Limits limits(GpuView gpu) {
    return new GpuBody.Limits(
        watts(gpu.target()),
        watts(gpu.liveLimits().map(PowerLimits::requested)),
        watts(gpu.liveLimits().map(PowerLimits::enforced)),
        watts(gpu.original()),
        watts(gpu.traits().defaultLimit()),
        watts(gpu.traits().powerRange().map(PowerRange::min)),
        watts(gpu.traits().powerRange().map(PowerRange::max)),
        watts(gpu.allowed().map(PowerRange::min)),
        watts(gpu.allowed().map(PowerRange::max)));
  }

  private static GpuBody.ReadingBody reading(
      GpuReading reading, Optional<Instant> at, boolean ofModule) {
    return new GpuBody.ReadingBody(
        at,
        watts(reading.power()),
        ofModule && reading.power().isPresent() ? Optional.of("module") : Optional.empty(),
        reading.utilization(),
        reading.smClockMegahertz(),
        reading.memoryClockMegahertz(),
        reading.temperatureCelsius(),
        reading.clockEventReasons().map(GpuBodies::words),
        seconds(reading.powerCapped()),
        reading.persistenceMode(),
        reading
            .activity()
            .map(activity ->
                new GpuBody.ActivityBody(activity.cyclesPerSecond(), activity.source().label())));
  }

  private static List<String> words(Set<? extends Enum<?>> constants) {
    return constants.stream().sorted().map(GpuBodies::word).toList();
  }

  /** An enum's constant as the API writes it. */
  public static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  static Optional<Double> watts(Optional<Watts> watts) {
    return watts.map(w -> round(w.value()));
  }

  private static Optional<Double> seconds(Optional<Duration> duration) {
    return duration.map(d -> round(d.toNanos() / 1e9));
  }

  /** To three decimals: the milliwatt, the finest step that a driver knows. */
  static double round(double value) {
    return Math.rint(value * 1000) / 1000;
  }
}
