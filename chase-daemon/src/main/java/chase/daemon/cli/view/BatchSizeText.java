package chase.daemon.cli.view;

import static chase.daemon.cli.view.Listing.ListColumn.figures;
import static chase.daemon.cli.view.Listing.ListColumn.words;

import chase.daemon.api.BatchSizeBody;
import chase.daemon.api.BatchSizeDetails;
import chase.daemon.api.BatchSizeDetails.BatchSizeArm;
import chase.daemon.api.BatchSizeDetails.TrialBody;
import chase.daemon.cli.view.Listing.ListColumn;
import chase.daemon.text.Numbers;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Recurring jobs as text for a terminal. */
public final class BatchSizeText {
  /** More runs than these scroll the beliefs away; {@code --json} has them all. */
  private static final int MAX_RUNS = 20;

  /** {@code chase batch-size}. */
  public static final Listing<BatchSizeBody> JOBS =
      new Listing<>(
          List.of(
              ListColumn.<BatchSizeBody>words("name", "NAME", BatchSizeBody::name).cutTo(12).keep(),
              figures("runs", "RUNS", job -> Integer.toString(job.results().trials())),
              figures("reached", "REACHED", job -> Integer.toString(job.results().reached())),
              figures("best", "BEST", job -> cell(job.results().bestBatchSize())),
              figures("best-cost", "ITS COST kJ", job -> kilo(job.results().bestCostJoules())),
              figures("last", "LAST", job -> cell(job.results().lastBatchSize())),
              figures("sizes", "SIZES", job -> Integer.toString(job.search().batchSizes().size())),
              figures("running", "TRAIN", job -> Integer.toString(job.results().running())),
              words("method", "METHOD", BatchSizeBody::method),
              words("cost", "COST", BatchSizeBody::cost)));

  private static final Listing<BatchSizeArm> ARMS =
      new Listing<>(
          List.of(
              ListColumn.<BatchSizeArm>figures(
                      "size", "BATCH SIZE", arm -> Integer.toString(arm.batchSize()))
                  .keep(),
              words("standing", "STANDING", BatchSizeArm::standing),
              figures("cost", "COST kJ", arm -> kilo(arm.costJoules())),
              figures("limit", "LIMIT W", BatchSizeText::limit),
              figures("runs", "RUNS", arm -> Integer.toString(arm.trials())),
              figures("reached", "REACHED", arm -> Integer.toString(arm.reached())),
              figures("low", "LOW", arm -> kilo(arm.lowCostJoules())),
              figures("high", "HIGH", arm -> kilo(arm.highCostJoules())),
              ListColumn.<BatchSizeArm>words("why", "WHY", BatchSizeArm::why).cutTo(16).keep()));

  private static final Listing<TrialBody> TRIALS =
      new Listing<>(
          List.of(
              ListColumn.<TrialBody>figures("run", "RUN", run -> Integer.toString(run.trial()))
                  .keep(),
              ListColumn.<TrialBody>figures(
                      "size", "BATCH SIZE", run -> Integer.toString(run.batchSize()))
                  .keep(),
              words("status", "STATUS", BatchSizeText::status),
              figures("cost", "COST kJ", run -> kilo(Optional.of(run.costJoules()))),
              figures("energy", "ENERGY kJ", run -> kilo(Optional.of(run.joules()))),
              figures("time", "TIME s", run -> Numbers.oneDecimal(run.seconds())),
              figures("epochs", "EPOCHS", run -> Integer.toString(run.epochs())),
              ListColumn.<TrialBody>words("host", "HOST", TrialBody::host).cutTo(6),
              ListColumn.<TrialBody>words("why", "WHY", TrialBody::why).cutTo(16).keep()));

  private BatchSizeText() {}

  /** A row for each job. */
  public static String table(List<BatchSizeBody> jobs, TextLayout layout) {
    return jobs.isEmpty()
        ? layout.sentences("no recurring job is registered")
        : JOBS.render(jobs, layout);
  }

  /** One job: what is believed, its latest runs, and what the columns mean. */
  public static String details(BatchSizeDetails details, TextLayout layout) {
    BatchSizeBody job = details.job();
    List<TrialBody> latest =
        details
            .trials()
            .subList(Math.max(0, details.trials().size() - MAX_RUNS), details.trials().size());
    return String.join(
        "\n",
        layout.sentences("%s: %s".formatted(job.name(), details.stage())),
        layout.sentences(basis(job)),
        "",
        ARMS.render(details.arms(), layout),
        "",
        latest.isEmpty() ? "it has not run yet" : TRIALS.render(latest, layout),
        "",
        layout.sentences(
            "COST is what a run is believed to cost (mean, and with a chance of 90 % between LOW"
                + " and HIGH)."),
        layout.sentences(
            "LIMIT W is where the work should cost least, by the profiles measured; ~ is a"
                + " neighbour's. The policy sets the real limit."));
  }

  private static String basis(BatchSizeBody job) {
    String joules =
        job.cost().equals("energy")
            ? "joules"
            : "joules weighed by %s over %s"
                .formatted(job.cost(), Numbers.oneDecimal(job.reference()));
    return String.format(
        Locale.ROOT,
        "method %s; cost = %s E + %s x %s W T, in %s; target %s %s; at most %d epochs%s",
        job.method(),
        share(job.search().eta()),
        share(1 - job.search().eta()),
        Numbers.oneDecimal(job.gpus().maxPowerWatts()),
        joules,
        job.search().higherIsBetter() ? "at least" : "at most",
        share(job.search().targetMetric()),
        job.search().maxEpochs(),
        job.search().beta().isPresent()
            ? ", and %s times the cheapest".formatted(share(job.search().beta().get()))
            : "");
  }

  private static String limit(BatchSizeArm arm) {
    String limit = Table.cell(arm.expectedLimitWatts());
    return arm.limitFromBatchSize().isPresent() ? "~" + limit : limit;
  }

  private static String status(TrialBody trial) {
    return trial.silent() ? "silent" : trial.status();
  }

  private static String cell(Optional<Integer> value) {
    return value.isPresent() ? Integer.toString(value.get()) : "-";
  }

  private static String share(double value) {
    String text = String.format(Locale.ROOT, "%.4f", value);
    return text.replaceFirst("\\.?0+$", "");
  }

  private static String kilo(Optional<Double> joules) {
    return Table.cell(joules, value -> String.format(Locale.ROOT, "%.3f", value / 1000));
  }
}
