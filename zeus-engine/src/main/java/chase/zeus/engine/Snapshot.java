package chase.zeus.engine;

import chase.zeus.gpu.GpuId;
import chase.zeus.policy.EnergyOutlook;
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
 * @param paused whether an operator paused Chase
 * @param policy the host's policy
 * @param outlook what energy weighs, where a signal has come in; see its own trust
 * @param hostPower what the host draws for each GPU, which is part of every decision
 * @param gpus every card that was ever opened, in the driver's order
 * @param jobs the jobs that run, in the order in which they began
 * @param gpuPolicies the policies of single GPUs
 * @param leases the GPUs that somebody drives himself
 * @param unregistered what runs on GPUs of which no job was told, as far as their work is counted
 * @param ended the jobs that ended, the last one first, as far as they are remembered
 */
public record Snapshot(
    Instant at,
    SafetyRules.Mode mode,
    boolean paused,
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

  /** A state without jobs and host power, in which the host's policy is for all. */
  public Snapshot(
      Instant at,
      SafetyRules.Mode mode,
      boolean paused,
      PowerPolicy policy,
      Optional<EnergyOutlook> outlook,
      List<GpuView> gpus) {
    this(
        at,
        mode,
        paused,
        policy,
        outlook,
        HostPower.NONE,
        gpus,
        List.of(),
        Map.of(),
        Map.of(),
        List.of(),
        List.of());
  }

  /** The same state in which one of the jobs has reported, and that has not been weighed yet. */
  Snapshot withReport(JobState job) {
    List<JobView> counted =
        jobs.stream()
            .map(view -> view.id().equals(job.id()) ? view.withReport(job) : view)
            .toList();
    return new Snapshot(
        job.lastReportAt(),
        mode,
        paused,
        policy,
        outlook,
        hostPower,
        gpus,
        counted,
        gpuPolicies,
        leases,
        unregistered,
        ended);
  }

  /** The card of that name. */
  public Optional<GpuView> gpu(GpuId id) {
    return gpus.stream().filter(gpu -> gpu.traits().id().equals(id)).findFirst();
  }

  /** Who drives that GPU himself, if anybody. */
  public Optional<Lease> leaseOn(GpuId gpu) {
    return Optional.ofNullable(leases.get(gpu));
  }

  /** The job of that id. */
  public Optional<JobView> job(JobId id) {
    return jobs.stream().filter(job -> job.id().equals(id)).findFirst();
  }

  /** The job of that id that ended, if it is remembered. */
  public Optional<JobView.EndedJob> endedJob(JobId id) {
    return ended.stream().filter(job -> job.id().equals(id)).findFirst();
  }

  /** The job that uses that GPU. */
  public Optional<JobView> jobOn(GpuId gpu) {
    return jobs.stream().filter(job -> job.spec().gpus().contains(gpu)).findFirst();
  }

  /** What works on that GPU: its job, else whatever runs there, if its work is counted. */
  public Optional<JobView> workOn(GpuId gpu) {
    return jobOn(gpu)
        .or(() -> unregistered.stream().filter(job -> job.spec().gpus().contains(gpu)).findFirst());
  }

  /** Everything whose work is counted, registered or not. */
  public Stream<JobView> allJobs() {
    return Stream.concat(jobs.stream(), unregistered.stream());
  }

  /** What decides about that GPU: its job's policy, else its own, else the host's. */
  public PowerPolicy policyOn(GpuId gpu) {
    return jobOn(gpu)
        .map(JobView::policy)
        .or(() -> Optional.ofNullable(gpuPolicies.get(gpu)))
        .orElse(policy);
  }
}
