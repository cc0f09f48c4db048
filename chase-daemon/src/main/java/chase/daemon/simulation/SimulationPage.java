package chase.daemon.simulation;

import static chase.daemon.text.HtmlPage.text;

import chase.daemon.simulation.Simulation.FrontierPoint;
import chase.daemon.text.HtmlPage;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/** A simulation as one HTML page that needs nothing else: two pictures and the numbers. */
public final class SimulationPage {
  private SimulationPage() {}

  /**
   * The page.
   *
   * @param basis what was simulated, in a sentence
   * @param energy the grid
   * @param results at least one
   * @param frontier what can be saved at which slowdown
   */
  public static String of(
      String basis,
      RecordedEnergy energy,
      List<PolicyResult> results,
      List<FrontierPoint> frontier) {
    return HtmlPage.of(
        "chase simulate",
        """
        <p>%s</p>
        <h2>Savings over slowdown</h2>
        %s
        <h2>The first start: limits over the grid</h2>
        %s
        <h2>Means over all starts</h2>
        %s
        """
            .formatted(
                text(basis),
                HtmlPage.figure(
                    frontier(energy, results, frontier),
                    ChartSummary.ofFrontier(energy.aim(), results, frontier)),
                HtmlPage.figure(course(energy, results), ChartSummary.ofCourse(energy, results)),
                table(results)));
  }

  private static String course(RecordedEnergy energy, List<PolicyResult> results) {
    return ChartSvg.of(
        "course",
        CourseChart.of(energy, results),
        "The grid while the first job ran, and each policy's power limit",
        ChartSummary.ofCourse(energy, results));
  }

  /** The first picture alone, as an SVG file. */
  public static String frontier(
      RecordedEnergy energy, List<PolicyResult> results, List<FrontierPoint> frontier) {
    return ChartSvg.of(
        "frontier",
        FrontierChart.of(energy.aim(), results, frontier),
        "Share of " + energy.aim() + " saved by each policy, over how much slower it is",
        ChartSummary.ofFrontier(energy.aim(), results, frontier));
  }

  /** Columns in which nothing is known of any policy are left out. */
  private static String table(List<PolicyResult> results) {
    List<HtmlPage.HtmlColumn> columns =
        List.of(
            HtmlPage.HtmlColumn.text("policy"),
            HtmlPage.HtmlColumn.number("carbon g"),
            HtmlPage.HtmlColumn.number("energy kWh"),
            HtmlPage.HtmlColumn.number("slower %"),
            HtmlPage.HtmlColumn.number("at most %"),
            HtmlPage.HtmlColumn.number("carbon saved %"),
            HtmlPage.HtmlColumn.number("energy saved %"),
            HtmlPage.HtmlColumn.number("changes"),
            HtmlPage.HtmlColumn.number("cost"),
            HtmlPage.HtmlColumn.number("cost saved"),
            HtmlPage.HtmlColumn.number("blind mix saves %"),
            HtmlPage.HtmlColumn.number("optimum saves %"));
    List<List<String>> rows = results.stream().map(SimulationPage::row).toList();
    int[] known =
        IntStream.range(0, columns.size())
            .filter(column -> rows.stream().anyMatch(row -> !row.get(column).isEmpty()))
            .toArray();
    return HtmlPage.table(
        only(known, columns), rows.stream().map(row -> only(known, row)).toList());
  }

  private static <T> List<T> only(int[] columns, List<T> row) {
    return Arrays.stream(columns).mapToObj(row::get).toList();
  }

  private static List<String> row(PolicyResult result) {
    PolicyResult.Summary summary = result.summary();
    return List.of(
        summary.policy(),
        number("%.1f", summary.carbonGrams()),
        number("%.3f", summary.energyJoules() / 3.6e6),
        percent(summary.slowdown()),
        percent(summary.slowdownMax()),
        percent(summary.carbonSaving()),
        percent(summary.energySaving()),
        number("%.1f", summary.limitChanges()),
        summary.money().map(money -> money(money, money.amount())).orElse(""),
        summary.money().map(money -> money(money, money.saved())).orElse(""),
        result.baselines().map(baselines -> percent(baselines.blind())).orElse(""),
        result.baselines().map(baselines -> percent(baselines.optimum())).orElse(""));
  }

  private static String money(PolicyResult.Summary.Money money, double amount) {
    return number("%.2f ", amount) + money.currency();
  }

  private static String percent(double ratio) {
    return number("%.2f", 100 * ratio);
  }

  private static String number(String form, double value) {
    return String.format(Locale.ROOT, form, value);
  }
}
