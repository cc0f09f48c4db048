package chase.daemon.control;

import chase.daemon.api.BatchSizeBody;
import chase.daemon.api.BatchSizeStoryBody;
import chase.daemon.api.TrialAnswer;
import chase.daemon.batchsize.ExpectedLimit;
import chase.daemon.batchsize.KnownJob;
import chase.daemon.batchsize.Told;
import chase.daemon.batchsize.TrialRow;
import chase.zeus.batchsize.Explanation;
import chase.zeus.batchsize.StudySpec;
import chase.zeus.batchsize.Trial;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.stream.Collectors;

/** What is told of recurring jobs. */
final class BatchSizeStory {
  private BatchSizeStory() {}

  static BatchSizeBody body(KnownJob job) {
    StudySpec spec = job.study().spec();
    Optional<Map.Entry<Integer, Double>> best = best(job);
    return new BatchSizeBody(
        job.described().name(),
        word(job.described().api()),
        word(job.method()),
        job.described().cost().word(),
        job.reference(),
        spec.batchSizes(),
        spec.defaultBatchSize(),
        spec.target().metric(),
        spec.target().higherIsBetter(),
        spec.maxEpochs(),
        spec.cost().eta(),
        spec.beta(),
        spec.window(),
        spec.seed(),
        spec.cost().maxPower().value(),
        job.described().gpuCount(),
        job.described().gpuModel(),
        job.createdAt(),
        job.rows().size(),
        (int) job.study().trials().stream().filter(Trial::isRunning).count(),
        (int) job.study().trials().stream().filter(Trial::reached).count(),
        job.rows().isEmpty()
            ? OptionalInt.empty()
            : OptionalInt.of(job.rows().getLast().trial().batchSize()),
        best.map(entry -> OptionalInt.of(entry.getKey())).orElseGet(OptionalInt::empty),
        best.map(entry -> OptionalDouble.of(entry.getValue())).orElseGet(OptionalDouble::empty));
  }

  private static Optional<Map.Entry<Integer, Double>> best(KnownJob job) {
    return job.study().trials().stream()
        .filter(Trial::reached)
        .collect(
            Collectors.groupingBy(Trial::batchSize, Collectors.averagingDouble(job.study()::cost)))
        .entrySet()
        .stream()
        .min(Map.Entry.comparingByValue());
  }

  static BatchSizeStoryBody story(KnownJob job, ExpectedLimit expected) {
    Explanation explanation = job.study().explain();
    return new BatchSizeStoryBody(
        body(job),
        explanation.stage(),
        explanation.arms().stream().map(arm -> arm(arm, expected)).toList(),
        job.rows().stream().map(row -> trial(job, row)).toList());
  }

  private static BatchSizeStoryBody.ArmBody arm(Explanation.Arm arm, ExpectedLimit expected) {
    Optional<ExpectedLimit.Hint> hint = expected.hint(arm.batchSize());
    return new BatchSizeStoryBody.ArmBody(
        arm.batchSize(),
        word(arm.standing()),
        arm.trials(),
        arm.reached(),
        arm.cost(),
        arm.low(),
        arm.high(),
        watts(hint),
        from(hint),
        arm.why());
  }

  private static BatchSizeStoryBody.TrialBody trial(KnownJob job, TrialRow row) {
    Trial kept = row.trial();
    Trial counted = job.trial(kept.number());
    return new BatchSizeStoryBody.TrialBody(
        kept.number(),
        kept.batchSize(),
        word(kept.kind()),
        kept.why(),
        word(counted.status()),
        kept.isRunning() && !counted.isRunning(),
        kept.epochs(),
        kept.spending().energy().value(),
        kept.spending().weightedJoules(),
        kept.spending().seconds(),
        job.study().cost(kept),
        row.host(),
        row.startedAt(),
        row.heardAt());
  }

  static TrialAnswer answer(Told told, ExpectedLimit expected) {
    Trial trial = told.trial();
    double most = told.job().study().allowance(trial.batchSize());
    Optional<ExpectedLimit.Hint> hint = expected.hint(trial.batchSize());
    return new TrialAnswer(
        told.job().described().name(),
        trial.number(),
        trial.batchSize(),
        word(trial.kind()),
        word(trial.status()),
        !trial.isRunning(),
        trial.reached(),
        trial.epochs(),
        told.job().study().spec().maxEpochs(),
        told.costJoules(),
        Double.isInfinite(most) ? OptionalDouble.empty() : OptionalDouble.of(most),
        watts(hint),
        from(hint),
        told.message());
  }

  private static OptionalDouble watts(Optional<ExpectedLimit.Hint> hint) {
    return hint.map(known -> OptionalDouble.of(known.limit().value()))
        .orElseGet(OptionalDouble::empty);
  }

  private static OptionalInt from(Optional<ExpectedLimit.Hint> hint) {
    return hint.map(ExpectedLimit.Hint::from).orElseGet(OptionalInt::empty);
  }

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
