package chase.daemon.cli.simulate;

import chase.daemon.cli.view.Table;
import chase.daemon.cli.view.TextLayout;
import chase.daemon.simulation.PolicyResult;
import chase.daemon.simulation.PolicyResult.Summary.Money;
import chase.daemon.simulation.Simulation.Baselines;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A simulation as a table, with a line of what each budget is to be measured by. */
final class SimulationText {
  private static final List<Table.Column> COLUMNS =
      List.of(
          Table.text("POLICY").keep(),
          Table.number("CARBON g"),
          Table.number("SAVED %").keep(),
          Table.number("ENERGY kWh"),
          Table.number("SAVED %"),
          Table.number("TIME h"),
          Table.number("SLOWER %").keep(),
          Table.number("WORST %"),
          Table.number("CHANGES/h"));

  /** Where the columns of money stand. */
  private static final int AFTER_CARBON = 3;

  private SimulationText() {}

  static String of(String basis, List<PolicyResult> results, TextLayout layout) {
    List<String> lines = new ArrayList<>();
    List<Table.Column> columns = new ArrayList<>(COLUMNS);
    results
        .getFirst()
        .summary()
        .money()
        .ifPresent(money -> columns.addAll(AFTER_CARBON, moneyColumns(money)));
    lines.add(
        Table.of(columns, results.stream().map(r -> row(r.summary())).toList()).render(layout));
    lines.add(layout.verbatim(basis));
    lines.add(layout.verbatim("SLOWER is the mean over the starts, WORST the slowest of them."));
    for (PolicyResult result : results) {
      result
          .baselines()
          .ifPresent(baselines -> lines.add(layout.verbatim(line(result.summary(), baselines))));
    }
    return String.join("\n", lines);
  }

  private static List<Table.Column> moneyColumns(Money money) {
    return List.of(
        Table.number("COST " + money.currency()),
        Table.number("SAVED " + money.currency()),
        Table.number("WEIGHT %"));
  }

  private static List<String> row(PolicyResult.Summary summary) {
    List<String> row = new ArrayList<>(figures(summary));
    summary
        .money()
        .ifPresent(money -> {
          row.addAll(
              AFTER_CARBON,
              List.of(
                  number("%.3f", money.amount()),
                  number("%.3f", money.saved()),
                  percent(summary.weightSaving())));
        });
    return row;
  }

  private static List<String> figures(PolicyResult.Summary summary) {
    return List.of(
        summary.policy(),
        number("%.1f", summary.carbonGrams()),
        percent(summary.carbonSaving()),
        number("%.3f", summary.energyJoules() / 3.6e6),
        percent(summary.energySaving()),
        number("%.2f", summary.seconds() / 3600),
        percent(summary.slowdown()),
        percent(summary.slowdownMax()),
        number("%.2f", summary.limitChanges() / (summary.seconds() / 3600)));
  }

  private static String line(PolicyResult.Summary summary, Baselines baselines) {
    String line =
        String.format(
            Locale.ROOT,
            "%s saves %s %%; a blind mix of two limits with the same slowdown saves %s %%, the"
                + " optimum %s %%",
            summary.policy(),
            percent(summary.weightSaving()),
            percent(baselines.blind()),
            percent(baselines.optimum()));
    if (baselines.optimum() > 0) {
      line +=
          number("; %.1f %% of the optimum", 100 * summary.weightSaving() / baselines.optimum());
    }
    if (baselines.captured().isPresent()) {
      line += number(", %.0f %% of the difference", 100 * baselines.captured().get());
    }
    String chase =
        baselines.chaseEta().isPresent()
            ? number("chase:%.2f, tuned in hindsight, saves ", baselines.chaseEta().get())
                + percent(baselines.chaseSaving())
                + " %"
            : "chase:ETA keeps the bound with no ETA";
    return line + ". " + chase + ".";
  }

  static String percent(double ratio) {
    return number("%.2f", 100 * ratio);
  }

  private static String number(String form, double value) {
    // Adding zero turns minus zero, which rounding makes of small losses, into zero.
    return String.format(Locale.ROOT, form, value + 0.0).replaceFirst("^-(0\\.0+)$", "$1");
  }
}
