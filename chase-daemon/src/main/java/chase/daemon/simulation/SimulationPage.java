package chase.daemon.simulation;

import static chase.daemon.text.HtmlPage.text;

import chase.daemon.simulation.Simulation.FrontierPoint;
import chase.daemon.text.HtmlPage;
import java.util.List;
import java.util.Locale;

/** A simulation as one HTML page that needs nothing else: two pictures and the numbers. */
public final class SimulationPage {
  private static final int FRONTIER_HEIGHT = 420;
  private static final int COURSE_HEIGHT = 560;

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
                frontier(energy, results, frontier),
                ChartStyle.svg("course", CourseChart.of(energy, results), COURSE_HEIGHT),
                table(results)));
  }

  /** The first picture alone, as an SVG file. */
  public static String frontier(
      RecordedEnergy energy, List<PolicyResult> results, List<FrontierPoint> frontier) {
    return ChartStyle.svg(
        "frontier", FrontierChart.of(energy.aim(), results, frontier), FRONTIER_HEIGHT);
  }

  private static String table(List<PolicyResult> results) {
    StringBuilder rows = new StringBuilder();
    for (PolicyResult result : results) {
      PolicyResult.Summary summary = result.summary();
      rows.append("<tr><td>")
          .append(text(summary.policy()))
          .append(cell("%.1f", summary.carbonGrams()))
          .append(cell("%.3f", summary.energyJoules() / 3.6e6))
          .append(cell("%.2f", 100 * summary.slowdown()))
          .append(cell("%.2f", 100 * summary.slowdownMax()))
          .append(cell("%.2f", 100 * summary.carbonSaving()))
          .append(cell("%.2f", 100 * summary.energySaving()))
          .append(cell("%.1f", summary.limitChanges()))
          .append(money(summary))
          .append(baselines(result))
          .append("</td></tr>\n");
    }
    return """
    <table><tr><th>policy</th><th>carbon g</th><th>energy kWh</th><th>slower %</th>\
    <th>at most %</th><th>carbon saved %</th><th>energy saved %</th><th>changes</th>\
    <th>cost</th><th>cost saved</th><th>blind mix saves %</th><th>optimum saves %</th></tr>
    """
        + rows
        + "</table>";
  }

  private static String money(PolicyResult.Summary summary) {
    return summary
        .money()
        .map(money ->
            cell("%.2f " + money.currency(), money.amount())
                + cell("%.2f " + money.currency(), money.saved()))
        .orElse("</td><td></td><td>");
  }

  private static String baselines(PolicyResult result) {
    return result
        .baselines()
        .map(baselines ->
            cell("%.2f", 100 * baselines.blind()) + cell("%.2f", 100 * baselines.optimum()))
        .orElse("</td><td></td><td>");
  }

  private static String cell(String form, double value) {
    return "</td><td>" + number(form, value);
  }

  private static String number(String form, double value) {
    return String.format(Locale.ROOT, form, value);
  }
}
