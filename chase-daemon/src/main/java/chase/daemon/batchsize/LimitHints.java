package chase.daemon.batchsize;

import chase.daemon.profiles.JobFingerprint;
import chase.zeus.batchsize.EnergyTimeCost;
import chase.zeus.profile.PowerProfile;
import chase.zeus.unit.Watts;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The power limits at which a recurring job's work would cost least, from the profiles that were
 * measured under its name, model, number of GPUs and batch size. They are hints: the daemon's
 * policy sets the limits, and a trial costs what it really used.
 *
 * @param limits by batch size, as far as measured
 */
public record LimitHints(Map<Integer, Watts> limits) {
  /** Copies the map. */
  public LimitHints {
    limits = Map.copyOf(limits);
  }

  /**
   * One limit.
   *
   * @param limit of each GPU
   * @param from the batch size whose profile it is from, where that is another
   */
  public record Hint(Watts limit, Optional<Integer> from) {}

  /** The fingerprint of each batch size of {@code job}; none without a GPU model. */
  public static List<JobFingerprint> fingerprints(StoredStudy job) {
    RecurringJob described = job.job();
    return described.gpuModel().isBlank()
        ? List.of()
        : job.study().spec().batchSizes().stream()
            .map(size ->
                new JobFingerprint(
                    described.name(),
                    described.gpuModel(),
                    described.gpuCount(),
                    Optional.of(size)))
            .toList();
  }

  /** The cheapest limit of each profile, whose power is one GPU's. */
  public static LimitHints of(StoredStudy job, Map<JobFingerprint, PowerProfile> profiles) {
    EnergyTimeCost cost = costOfOne(job);
    Map<Integer, Watts> limits = new TreeMap<>();
    profiles.forEach(
        (of, profile) -> limits.put(of.batchSize().orElseThrow(), cost.cheapest(profile).limit()));
    return new LimitHints(limits);
  }

  /** With joules that weigh w, {@code eta w E + (1 - eta) Pmax T} has the same cheapest point. */
  private static EnergyTimeCost costOfOne(StoredStudy job) {
    EnergyTimeCost cost = job.study().spec().cost();
    double energy = cost.eta() * job.study().meanWeight();
    double eta = energy + 1 - cost.eta() > 0 ? energy / (energy + 1 - cost.eta()) : cost.eta();
    return new EnergyTimeCost(eta, cost.maxPower().times(1.0 / job.job().gpuCount()));
  }

  /** The limit of {@code batchSize}, else of the nearest that was measured. */
  public Optional<Hint> hint(int batchSize) {
    return limits.entrySet().stream()
        .min(
            Comparator.<Map.Entry<Integer, Watts>>comparingDouble(
                    entry -> Math.abs(Math.log((double) entry.getKey() / batchSize)))
                .thenComparing(Map.Entry::getKey))
        .map(near ->
            new Hint(
                near.getValue(),
                near.getKey() == batchSize ? Optional.empty() : Optional.of(near.getKey())));
  }
}
