package chase.daemon.ledger;

import chase.daemon.ledger.JobTotals.EstimatedSaving;
import chase.daemon.ledger.JobTotals.JobTotal;
import chase.daemon.ledger.LedgerRows.JobRow;
import chase.daemon.ledger.SavingsComparison.Aspect;
import chase.daemon.ledger.SavingsComparison.ComparedFigure;
import chase.zeus.engine.ProfileView;
import chase.zeus.gpu.GpuId;
import chase.zeus.profile.MeasuredProfile;
import chase.zeus.profile.PowerProfile;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Counts what each job used and emitted since Chase started, and what the same work would have
 * taken under other plans. A job is forgotten some time after its end; what it saved is kept. For
 * one thread.
 */
final class JobMeter {
  /** Longer than anybody leaves between two scrapes, so that the last figures of a job are read. */
  static final Duration KEPT_AFTER_END = Duration.ofMinutes(15);

  /** Jobs that are counted one by one; those that come while so many are known are not. */
  static final int MAX_JOBS = 100;

  private final Map<String, MeteredJob> jobs = new LinkedHashMap<>();
  private final CountedUsage others = new CountedUsage();
  private final PlanSums forgotten = new PlanSums();

  /** Adds what {@code owner} used on one GPU. */
  void add(GpuOwner owner, GpuId gpu, FigureSources sources, Usage used) {
    MeteredJob job = jobs.get(owner.id());
    if (job == null) {
      others.add(gpu, sources, used);
    } else {
      job.usage.add(gpu, sources, used);
    }
  }

  /** Begins the jobs that are new, and forgets those that ended long ago. */
  void update(Map<String, JobRow> present, Instant now) {
    Instant longAgo = now.minus(KEPT_AFTER_END);
    jobs.entrySet()
        .removeIf(job ->
            !present.containsKey(job.getKey())
                && job.getValue().seenAt.isBefore(longAgo)
                && forget(job.getValue()));
    present.forEach((id, row) -> {
      if (jobs.size() < MAX_JOBS || jobs.containsKey(id)) {
        jobs.computeIfAbsent(id, first -> new MeteredJob(row)).see(row, now);
      }
    });
  }

  private boolean forget(MeteredJob job) {
    job.compareInto(forgotten);
    return true;
  }

  /** Everything so far. */
  JobTotals totals() {
    List<JobTotal> totals = new ArrayList<>();
    PlanSums sums = forgotten.copy();
    for (MeteredJob job : jobs.values()) {
      totals.add(job.total());
      job.compareInto(sums);
    }
    if (!others.byGpu.isEmpty()) {
      totals.add(others.total(JobTotals.OTHERS, "", Optional.empty(), true));
    }
    return new JobTotals(totals, sums.savings());
  }

  /** What was used on some GPUs. */
  private static final class CountedUsage {
    private final Map<GpuId, Usage.UsageTotal> byGpu = new LinkedHashMap<>();
    private final Map<String, Double> gramsByKind = new TreeMap<>();

    void add(GpuId gpu, FigureSources sources, Usage used) {
      byGpu.computeIfAbsent(gpu, first -> new Usage.UsageTotal()).add(sources, used);
      sources
          .carbon()
          .ifPresent(carbon -> gramsByKind.merge(carbon.origin(), used.grams(), Double::sum));
    }

    JobTotal total(String id, String name, Optional<String> user, boolean countsSteps) {
      return new JobTotal(
          id,
          name,
          user,
          byGpu.values().stream().mapToDouble(total -> total.joules).sum(),
          gramsByKind,
          countsSteps ? Optional.of(steps()) : Optional.empty());
    }

    /** Each GPU of a job counts all of its steps. */
    private double steps() {
      return byGpu.values().stream().mapToDouble(total -> total.steps).max().orElse(0);
    }
  }

  /** One job with what was measured of it. */
  private static final class MeteredJob {
    private final CountedUsage usage = new CountedUsage();
    private GpuOwner owner;
    private Instant seenAt;
    private boolean countsSteps;
    private MeasuredProfile measured = MeasuredProfile.EMPTY;
    private Optional<PowerProfile> profile = Optional.empty();

    MeteredJob(JobRow row) {
      this.owner = row.owner();
      this.seenAt = row.seenAt();
    }

    void see(JobRow row, Instant now) {
      owner = row.owner();
      seenAt = now;
      countsSteps |= row.steps().isPresent();
      row.view().flatMap(job -> job.profile()).map(ProfileView::measured).ifPresent(this::fit);
    }

    /** Fitting takes a moment, so it waits for a change. */
    private void fit(MeasuredProfile latest) {
      if (!latest.equals(measured)) {
        measured = latest;
        profile = latest.toPowerProfile();
      }
    }

    JobTotal total() {
      return usage.total(owner.id(), owner.name(), owner.user(), countsSteps);
    }

    void compareInto(PlanSums sums) {
      profile.ifPresent(known ->
          usage.byGpu.values().stream()
              .flatMap(total -> SavingsComparison.of(total, known).stream())
              .forEach(sums::add));
    }
  }

  /** What jobs used and what they would have used, for each plan. */
  private static final class PlanSums {
    private final Map<Aspect, ComparedFigure> fullPower = new EnumMap<>(Aspect.class);
    private final Map<Aspect, ComparedFigure> carbonBlind = new EnumMap<>(Aspect.class);

    void add(SavingsComparison comparison) {
      comparison.fullPower().forEach((what, f) -> fullPower.merge(what, f, ComparedFigure::plus));
      comparison
          .carbonBlind()
          .forEach((what, f) -> carbonBlind.merge(what, f, ComparedFigure::plus));
    }

    PlanSums copy() {
      PlanSums copy = new PlanSums();
      copy.fullPower.putAll(fullPower);
      copy.carbonBlind.putAll(carbonBlind);
      return copy;
    }

    List<EstimatedSaving> savings() {
      List<EstimatedSaving> savings = new ArrayList<>();
      add(savings, "full_power", fullPower);
      add(savings, "carbon_blind", carbonBlind);
      return savings;
    }

    private static void add(
        List<EstimatedSaving> savings, String against, Map<Aspect, ComparedFigure> figures) {
      add(savings, against, "gpu", figures.get(Aspect.JOULES), figures.get(Aspect.GRAMS));
      add(
          savings,
          against,
          "gpu_and_host",
          figures.get(Aspect.JOULES_WITH_HOST),
          figures.get(Aspect.GRAMS_WITH_HOST));
    }

    private static void add(
        List<EstimatedSaving> savings,
        String against,
        String scope,
        @Nullable ComparedFigure joules,
        @Nullable ComparedFigure grams) {
      if (joules != null) {
        savings.add(
            new EstimatedSaving(
                against,
                scope,
                joules.used(),
                joules.alternative(),
                Optional.ofNullable(grams).map(ComparedFigure::used),
                Optional.ofNullable(grams).map(ComparedFigure::alternative)));
      }
    }
  }
}
