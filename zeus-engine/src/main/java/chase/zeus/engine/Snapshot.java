package chase.zeus.engine;

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
 * @param gpuPolicies the policies of single GPUs
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
    Map<GpuId, PowerPolicy> gpuPolicies,
    Map<GpuId, Lease> leases,
    List<JobView> unregistered,
    List<JobView.EndedJob> ended) {
  /** Copies the collections. */
  public Snapshot {
    gpus = List.copyOf(gpus);
    jobs = List.copyOf(jobs);
    gpuPolicies = Map.copyOf(gpuPolicies);
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
        .or(() -> Optional.ofNullable(gpuPolicies.get(gpu)))
        .orElse(policy);
  }
}
