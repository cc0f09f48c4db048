package chase.daemon.cli.view;

import static chase.daemon.text.Table.number;
import static chase.daemon.text.Table.text;

import chase.daemon.api.BatchSizeBody;
import chase.daemon.api.BatchSizeDetails;
import chase.daemon.api.BatchSizeDetails.BatchSizeArm;
import chase.daemon.api.BatchSizeDetails.TrialBody;
import chase.daemon.text.Numbers;
import chase.daemon.text.Table;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Recurring jobs as text for a terminal. */
public final class BatchSizeText {
  /** More runs than these scroll the beliefs away; {@code --json} has them all. */
  private static final int MAX_RUNS = 20;

  private BatchSizeText() {}

  /** A row for each job. */
  public static String table(List<BatchSizeBody> jobs) {
    if (jobs.isEmpty()) {
      return "no recurring job is registered";
    }
    return new Table(
            List.of(
                text("NAME"),
                text("METHOD"),
                text("COST"),
                number("SIZES"),
                number("RUNS"),
                number("TRAIN"),
                number("REACHED"),
                number("LAST"),
                number("BEST"),
                number("ITS COST kJ")),
            jobs.stream().map(BatchSizeText::row).toList())
        .render();
  }

  private static List<String> row(BatchSizeBody job) {
    return List.of(
        job.name(),
        job.method(),
        job.cost(),
        Integer.toString(job.search().batchSizes().size()),
        Integer.toString(job.results().trials()),
        Integer.toString(job.results().running()),
        Integer.toString(job.results().reached()),
        cell(job.results().lastBatchSize()),
        cell(job.results().bestBatchSize()),
        kilo(job.results().bestCostJoules()));
  }

  /** One job: what is believed, its latest runs, and what the columns mean. */
  public static String details(BatchSizeDetails details) {
    BatchSizeBody job = details.job();
    List<TrialBody> latest =
        details
            .trials()
            .subList(Math.max(0, details.trials().size() - MAX_RUNS), details.trials().size());
    return String.join(
        "\n",
        "%s: %s".formatted(job.name(), details.stage()),
        basis(job),
        "",
        arms(details.arms()),
        "",
        latest.isEmpty() ? "it has not run yet" : trials(latest),
        "",
        "COST is what a run is believed to cost (mean, and with a chance of 90 % between LOW and"
            + " HIGH).",
        "LIMIT W is where the work should cost least, by the profiles measured; ~ is a"
            + " neighbour's. The policy sets the real limit.");
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

  private static String arms(List<BatchSizeArm> arms) {
    return new Table(
            List.of(
                number("BATCH SIZE"),
                text("STANDING"),
                number("RUNS"),
                number("REACHED"),
                number("COST kJ"),
                number("LOW"),
                number("HIGH"),
                number("LIMIT W"),
                text("WHY")),
            arms.stream().map(BatchSizeText::row).toList())
        .render();
  }

  private static List<String> row(BatchSizeArm arm) {
    String limit = Table.cell(arm.expectedLimitWatts());
    return List.of(
        Integer.toString(arm.batchSize()),
        arm.standing(),
        Integer.toString(arm.trials()),
        Integer.toString(arm.reached()),
        kilo(arm.costJoules()),
        kilo(arm.lowCostJoules()),
        kilo(arm.highCostJoules()),
        arm.limitFromBatchSize().isPresent() ? "~" + limit : limit,
        arm.why());
  }

  private static String trials(List<TrialBody> trials) {
    return new Table(
            List.of(
                number("RUN"),
                number("BATCH SIZE"),
                text("STATUS"),
                number("EPOCHS"),
                number("ENERGY kJ"),
                number("TIME s"),
                number("COST kJ"),
                text("HOST"),
                text("WHY")),
            trials.stream().map(BatchSizeText::row).toList())
        .render();
  }

  private static List<String> row(TrialBody trial) {
    return List.of(
        Integer.toString(trial.trial()),
        Integer.toString(trial.batchSize()),
        trial.silent() ? "silent" : trial.status(),
        Integer.toString(trial.epochs()),
        kilo(Optional.of(trial.joules())),
        Numbers.oneDecimal(trial.seconds()),
        kilo(Optional.of(trial.costJoules())),
        trial.host(),
        trial.why());
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
