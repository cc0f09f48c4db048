package chase.zeus.batchsize;

import chase.zeus.batchsize.Explanation.Arm;
import chase.zeus.batchsize.Explanation.ArmStatus;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;

/** What {@link ChaseSearch} predicts, found by drawing from its model many times. */
final class ChaseExplanation {
  private static final int DRAWS = 1000;
  private static final double FIVE_PERCENT = 0.05;

  private final Study study;
  private final TrialHistory history;
  private final List<Integer> candidates;
  private final double[][] drawn;

  /** Whether batch sizes below, and above, those tried so far are worth a trial. */
  private final boolean down;

  private final boolean up;

  private ChaseExplanation(Study study, TrialHistory history) {
    this(study, history, List.of(), new double[0][], false, false);
  }

  private ChaseExplanation(
      Study study,
      TrialHistory history,
      List<Integer> candidates,
      double[][] drawn,
      boolean down,
      boolean up) {
    this.study = study;
    this.history = history;
    this.down = down;
    this.up = up;
    this.candidates = candidates;
    this.drawn = drawn;
  }

  static Explanation of(Study study) {
    TrialHistory history = TrialHistory.of(study);
    if (history.reached().isEmpty()) {
      String stage =
          history.sizes().isEmpty()
              ? "nothing is known yet"
              : "no batch size has reached the target";
      return new ChaseExplanation(study, history).explain(stage);
    }
    CostModel model = new CostModel(study.spec(), history);
    List<Integer> candidates = ChaseSearch.candidates(study, history, Set.of());
    SplittableRandom random = new SplittableRandom(study.spec().seed());
    double[][] drawn = new double[DRAWS][];
    for (int i = 0; i < DRAWS; i++) {
      drawn[i] = model.draw(candidates, random, 1);
    }
    int recurrences = study.trialCount();
    boolean down = model.isWorthTrying(false, recurrences);
    boolean up = model.isWorthTrying(true, recurrences);
    return new ChaseExplanation(study, history, candidates, drawn, down, up)
        .explain(stage(model, down || up));
  }

  private static String stage(CostModel model, boolean explores) {
    return explores
        ? String.format(Locale.ROOT, "exploring outward; %d is the best so far", model.best())
        : String.format(
            Locale.ROOT, "Thompson sampling; %d is believed to cost least", model.best());
  }

  private Explanation explain(String stage) {
    return new Explanation(
        stage,
        study.spec().batchSizes().stream().map(this::arm).toList(),
        Double.isInfinite(history.best()) ? Optional.empty() : Optional.of(history.best()));
  }

  private Arm arm(int batchSize) {
    Optional<TrialHistory.SizeHistory> size = Optional.ofNullable(history.sizes().get(batchSize));
    int index = candidates.indexOf(batchSize);
    double[] costs =
        index < 0
            ? new double[0]
            : Arrays.stream(drawn).mapToDouble(draw -> Math.exp(draw[index])).sorted().toArray();
    return new Arm(
        batchSize,
        status(batchSize, size),
        size.map(TrialHistory.SizeHistory::trials).orElse(0),
        size.map(TrialHistory.SizeHistory::reached).orElse(0),
        index < 0 ? Optional.empty() : Optional.of(Arrays.stream(costs).average().orElseThrow()),
        quantile(costs, FIVE_PERCENT),
        quantile(costs, 1 - FIVE_PERCENT),
        study.bestLimit(batchSize),
        why(batchSize, size, index));
  }

  private ArmStatus status(int batchSize, Optional<TrialHistory.SizeHistory> size) {
    if (candidates.contains(batchSize)) {
      return size.isPresent() ? ArmStatus.CANDIDATE : ArmStatus.UNTRIED;
    }
    boolean leftOut =
        history.isGivenUp(batchSize)
            || (!history.reached().isEmpty() && size.isEmpty() && !mayBeReached(batchSize));
    return leftOut ? ArmStatus.PRUNED : ArmStatus.UNTRIED;
  }

  /** Whether the search goes on in that direction, and so may reach it. */
  private boolean mayBeReached(int batchSize) {
    return (up && batchSize > history.sizes().lastKey())
        || (down && batchSize < history.sizes().firstKey());
  }

  private String why(int batchSize, Optional<TrialHistory.SizeHistory> size, int index) {
    if (history.isGivenUp(batchSize)) {
      return "did not reach the target";
    }
    if (index < 0) {
      if (mayBeReached(batchSize)) {
        return "is tried once those nearer to the owner's were, if it still may cost less";
      }
      return size.isEmpty() && !history.reached().isEmpty() ? "beyond what is worth a trial" : "";
    }
    long best = Arrays.stream(drawn).filter(draw -> isLeast(draw, index)).count();
    return String.format(
        Locale.ROOT, "costs least with a chance of %.0f %%", 100.0 * best / drawn.length);
  }

  private static boolean isLeast(double[] draw, int index) {
    return Arrays.stream(draw).min().orElseThrow() == draw[index];
  }

  private static Optional<Double> quantile(double[] sorted, double share) {
    return sorted.length == 0
        ? Optional.empty()
        : Optional.of(sorted[(int) Math.round(share * (sorted.length - 1))]);
  }
}
