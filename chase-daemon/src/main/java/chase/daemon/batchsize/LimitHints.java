package chase.daemon.batchsize;

import chase.daemon.profiles.JobFingerprint;
import chase.zeus.batchsize.EnergyTimeCost;
import chase.zeus.profile.PowerProfile;
import chase.zeus.unit.Watts;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;

/**
 * The power limits at which a recurring job's work would cost least, by the profiles that were
 * measured of it under its name, model, number of GPUs and batch size. It is what the study expects
 * of a limit; the daemon's policy sets the real one, and costs are what was really spent.
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
   * @param from whose profile it is, where it is another batch size's
   */
  public record Hint(Watts limit, OptionalInt from) {}

  /** What a profile was measured of, for each batch size of {@code job}; none without a model. */
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
                    OptionalInt.of(size)))
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
    double energy = cost.eta() * job.meanWeight();
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
                near.getKey() == batchSize ? OptionalInt.empty() : OptionalInt.of(near.getKey())));
  }
}
