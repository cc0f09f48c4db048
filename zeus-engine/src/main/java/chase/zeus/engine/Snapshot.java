package chase.zeus.engine;

import chase.zeus.engine.JobView.PolicyPlan;
import chase.zeus.engine.KeptState.LimitOverride;
import chase.zeus.engine.KeptState.OperatorPause;
import chase.zeus.engine.KeptState.PolicyChoice;
import chase.zeus.gpu.GpuId;
import chase.zeus.policy.EnergyOutlook;
import chase.zeus.policy.PolicyInput;
import chase.zeus.policy.PowerPolicy;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The engine's whole state at one moment, immutable.
 *
 * @param at the last event's time
 * @param mode whether limits are written
 * @param pauses what operators paused
 * @param policy the host's policy
 * @param outlook what energy weighs, trusted or not; empty before the first signal
 * @param hostPower what the host draws for each GPU, which is part of every decision
 * @param gpus every GPU that was ever opened, in the driver's order
 * @param jobs the running jobs, in the order in which they started
 * @param requests what else people asked for
 * @param leases the leases of single GPUs
 * @param unregistered what runs on GPUs without a registered job, as far as its work is counted
 * @param ended the last jobs that ended, the newest first
 */
public record Snapshot(
    Instant at,
    SafetyRules.Mode mode,
    Pauses pauses,
    PowerPolicy policy,
    Optional<EnergyOutlook> outlook,
    HostPower hostPower,
    List<GpuView> gpus,
    List<JobView> jobs,
    Requests requests,
    Map<GpuId, Lease> leases,
    List<JobView> unregistered,
    List<JobView.EndedJob> ended) {
  /** Copies the collections. */
  public Snapshot {
    gpus = List.copyOf(gpus);
    jobs = List.copyOf(jobs);
    leases = Map.copyOf(leases);
    unregistered = List.copyOf(unregistered);
    ended = List.copyOf(ended);
  }

  /**
   * What operators paused.
   *
   * @param host the pause of the whole host
   * @param gpus the pauses of single GPUs
   */
  public record Pauses(Optional<OperatorPause> host, Map<GpuId, OperatorPause> gpus) {
    /** None. */
    public static final Pauses NONE = new Pauses(Optional.empty(), Map.of());

    /** Copies the map. */
    public Pauses {
      gpus = Map.copyOf(gpus);
    }

    /** What keeps that GPU paused: the host's pause before its own. */
    public Optional<OperatorPause> of(GpuId gpu) {
      return host.or(() -> Optional.ofNullable(gpus.get(gpu)));
    }
  }

  /**
   * What people asked for besides pauses and leases.
   *
   * @param startedAt when Chase was started
   * @param policies the policies that were chosen by command
   * @param overrides the overrides of single GPUs
   */
  public record Requests(
      Instant startedAt,
      Map<PolicyScope, PolicyChoice> policies,
      Map<GpuId, LimitOverride> overrides) {
    /** Copies the maps. */
    public Requests {
      policies = Map.copyOf(policies);
      overrides = Map.copyOf(overrides);
    }

    /** Nothing, of a Chase that was started then. */
    public static Requests none(Instant startedAt) {
      return new Requests(startedAt, Map.of(), Map.of());
    }

    /** The choice for that scope. */
    public Optional<PolicyChoice> policy(PolicyScope scope) {
      return Optional.ofNullable(policies.get(scope));
    }
  }

  /** Whether what began then was kept over a restart. */
  public boolean isKept(Instant since) {
    return since.isBefore(requests.startedAt());
  }

  /** Whether an operator paused Chase as a whole. */
  public boolean paused() {
    return pauses.host().isPresent();
  }

  /** The GPU with that UUID. */
  public Optional<GpuView> gpu(GpuId id) {
    return gpus.stream().filter(gpu -> gpu.traits().id().equals(id)).findFirst();
  }

  /** The lease of that GPU. */
  public Optional<Lease> leaseOn(GpuId gpu) {
    return Optional.ofNullable(leases.get(gpu));
  }

  /** The running job with that id. */
  public Optional<JobView> job(JobId id) {
    return jobs.stream().filter(job -> job.id().equals(id)).findFirst();
  }

  /** The job that uses that GPU. */
  public Optional<JobView> jobOn(GpuId gpu) {
    return jobs.stream().filter(job -> job.spec().gpus().contains(gpu)).findFirst();
  }

  /** The job on that GPU, or else the unregistered work there. */
  public Optional<JobView> workOn(GpuId gpu) {
    return jobOn(gpu)
        .or(() -> unregistered.stream().filter(job -> job.spec().gpus().contains(gpu)).findFirst());
  }

  /** All jobs and all unregistered work. */
  public Stream<JobView> allJobs() {
    return Stream.concat(jobs.stream(), unregistered.stream());
  }

  /**
   * What the policy that decides about that GPU has in mind; empty while something else decides.
   */
  public Optional<PolicyPlan> planOn(GpuId id) {
    return gpu(id)
        .filter(
            gpu -> gpu.reason() instanceof Reason.Chosen || gpu.reason() instanceof Reason.Dwelling)
        .flatMap(gpu ->
            workOn(id).map(JobView::plan).orElseGet(() -> planWithoutJob(gpu, policyOn(id))));
  }

  private Optional<PolicyPlan> planWithoutJob(GpuView gpu, PowerPolicy deciding) {
    return gpu.allowed()
        .map(allowed ->
            new PolicyPlan(
                deciding,
                new PolicyInput(
                    allowed,
                    gpu.profile().map(known -> known.plus(hostPower.perGpu())),
                    outlook.filter(known -> known.trustedAt(at)),
                    at)));
  }

  /** The policy that decides about that GPU: its job's, else its own, else the host's. */
  public PowerPolicy policyOn(GpuId gpu) {
    return jobOn(gpu)
        .map(JobView::policy)
        .or(() -> requests.policy(new PolicyScope.OneGpu(gpu)).map(PolicyChoice::policy))
        .orElse(policy);
  }
}
