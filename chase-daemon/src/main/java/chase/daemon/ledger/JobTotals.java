package chase.daemon.ledger;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What jobs used, emitted and saved since Chase started; immutable.
 *
 * @param jobs each job that runs or ended recently, and perhaps {@link #OTHERS}
 * @param savings against each plan, of all jobs of which a profile was measured, also those that
 *     are no longer in {@code jobs}
 */
public record JobTotals(List<JobTotal> jobs, List<EstimatedSaving> savings) {
  /** Nothing counted. */
  public static final JobTotals NONE = new JobTotals(List.of(), List.of());

  /** The id of all jobs together that came while too many were known to count one more. */
  public static final String OTHERS = "other";

  /** Copies the lists. */
  public JobTotals {
    jobs = List.copyOf(jobs);
    savings = List.copyOf(savings);
  }

  /**
   * One job on all of its GPUs.
   *
   * @param id its id on this host
   * @param name its name
   * @param user its user, where the host knows
   * @param joules the energy of its GPUs
   * @param gramsByKind CO2 (equivalent) of that energy, as far as the signal was trusted, by what
   *     the intensity was, such as {@code measured}
   * @param steps the steps that it did; empty for a job that reports none
   */
  public record JobTotal(
      String id,
      String name,
      Optional<String> user,
      double joules,
      Map<String, Double> gramsByKind,
      Optional<Double> steps) {
    /** Copies the map. */
    public JobTotal {
      gramsByKind = new TreeMap<>(gramsByKind);
    }
  }

  /**
   * What the work of all compared jobs took, and would have taken under another plan; an estimate
   * ({@link SavingsComparison#METHOD}).
   *
   * @param against the other plan: {@code full_power} or {@code carbon_blind}
   * @param scope {@code gpu}, or {@code gpu_and_host}
   * @param joules the energy that it took
   * @param planJoules the energy that it would have taken
   * @param grams the CO2 (equivalent) that it caused, where that is known
   * @param planGrams the CO2 (equivalent) that it would have caused
   */
  public record EstimatedSaving(
      String against,
      String scope,
      double joules,
      double planJoules,
      Optional<Double> grams,
      Optional<Double> planGrams) {
    /** The energy saved; negative where the other plan would have taken less. */
    public double savedJoules() {
      return planJoules - joules;
    }

    /** The CO2 (equivalent) saved; negative where the other plan would have caused less. */
    public Optional<Double> savedGrams() {
      return planGrams.map(plan -> plan - grams.orElse(0.0));
    }
  }
}
