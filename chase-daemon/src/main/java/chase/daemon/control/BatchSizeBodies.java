package chase.daemon.control;

import chase.daemon.api.BatchSizeBody;
import chase.daemon.api.BatchSizeDetails;
import chase.daemon.batchsize.LimitHints;
import chase.daemon.batchsize.StoredStudy;
import chase.daemon.batchsize.TrialResult;
import chase.zeus.batchsize.Explanation;
import chase.zeus.batchsize.StudySpec;
import chase.zeus.batchsize.Trial;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Recurring jobs as JSON bodies; pure. */
final class BatchSizeBodies {
  private BatchSizeBodies() {}

  static BatchSizeBody body(StoredStudy job) {
    StudySpec spec = job.study().spec();
    return new BatchSizeBody(
        job.job().name(),
        word(job.job().api()),
        word(job.method()),
        job.job().cost().word(),
        job.reference(),
        new BatchSizeBody.Search(
            spec.batchSizes(),
            spec.defaultBatchSize(),
            spec.target().value(),
            spec.target().higherIsBetter(),
            spec.maxEpochs(),
            spec.cost().eta(),
            spec.beta(),
            spec.window(),
            spec.seed()),
        new BatchSizeBody.TrainingGpusBody(
            spec.cost().maxPower().value(), job.job().gpuCount(), job.job().gpuModel()),
        job.createdAt(),
        job.owner().map(StoredStudy.StudyOwner::user),
        results(job));
  }

  private static BatchSizeBody.Results results(StoredStudy job) {
    Optional<Map.Entry<Integer, Double>> best = best(job);
    return new BatchSizeBody.Results(
        job.trials().size(),
        (int) job.study().trials().stream().filter(Trial::isRunning).count(),
        (int) job.study().trials().stream().filter(Trial::reached).count(),
        job.trials().isEmpty()
            ? Optional.empty()
            : Optional.of(job.trials().getLast().trial().batchSize()),
        best.map(entry -> entry.getKey()),
        best.map(entry -> entry.getValue()));
  }

  private static Optional<Map.Entry<Integer, Double>> best(StoredStudy job) {
    return job.study().trials().stream()
        .filter(Trial::reached)
        .collect(
            Collectors.groupingBy(Trial::batchSize, Collectors.averagingDouble(job.study()::cost)))
        .entrySet()
        .stream()
        .min(Map.Entry.comparingByValue());
  }

  static BatchSizeDetails details(StoredStudy job, LimitHints expected) {
    Explanation explanation = job.study().explain();
    return new BatchSizeDetails(
        body(job),
        explanation.stage(),
        explanation.arms().stream().map(arm -> arm(arm, expected)).toList(),
        job.trials().stream().map(row -> trial(job, row)).toList());
  }

  private static BatchSizeDetails.BatchSizeArm arm(Explanation.Arm arm, LimitHints expected) {
    Optional<LimitHints.Hint> hint = expected.hint(arm.batchSize());
    return new BatchSizeDetails.BatchSizeArm(
        arm.batchSize(),
        word(arm.status()),
        arm.trials(),
        arm.reached(),
        arm.cost(),
        arm.low(),
        arm.high(),
        watts(hint),
        from(hint),
        arm.why());
  }

  private static BatchSizeDetails.TrialBody trial(StoredStudy job, StoredStudy.StoredTrial row) {
    Trial kept = row.trial();
    Trial counted = job.trial(kept.number());
    return new BatchSizeDetails.TrialBody(
        kept.number(),
        kept.batchSize(),
        word(kept.kind()),
        kept.why(),
        word(counted.status()),
        kept.isRunning() && !counted.isRunning(),
        kept.epochs(),
        kept.usage().energy().value(),
        kept.usage().weightedJoules(),
        kept.usage().seconds(),
        job.study().cost(kept),
        row.host(),
        row.startedAt(),
        row.changedAt());
  }

  static BatchSizeDetails.TrialAnswer answer(TrialResult result, LimitHints expected) {
    Trial trial = result.trial();
    double costBound = result.stored().study().costUpperBound(trial.batchSize());
    Optional<LimitHints.Hint> hint = expected.hint(trial.batchSize());
    return new BatchSizeDetails.TrialAnswer(
        result.stored().job().name(),
        trial.number(),
        trial.batchSize(),
        word(trial.kind()),
        word(trial.status()),
        !trial.isRunning(),
        trial.reached(),
        trial.epochs(),
        result.stored().study().spec().maxEpochs(),
        result.costJoules(),
        Double.isInfinite(costBound) ? Optional.empty() : Optional.of(costBound),
        watts(hint),
        from(hint),
        result.message());
  }

  private static Optional<Double> watts(Optional<LimitHints.Hint> hint) {
    return hint.map(known -> known.limit().value());
  }

  private static Optional<Integer> from(Optional<LimitHints.Hint> hint) {
    return hint.flatMap(LimitHints.Hint::from);
  }

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
