package chase.daemon.cli;

import static chase.daemon.text.HtmlPage.text;

import chase.daemon.api.ReportBody;
import chase.daemon.text.HtmlPage;
import java.util.List;
import java.util.stream.Collectors;

/** A report as one HTML page that needs nothing else. */
final class ReportPage {
  private ReportPage() {}

  static String of(ReportBody report) {
    ReportColumns columns = new ReportColumns(report);
    String head =
        columns.names().stream()
            .map(column -> "<th>" + text(column.name()) + "</th>")
            .collect(Collectors.joining());
    String rows = columns.rows().stream().map(ReportPage::row).collect(Collectors.joining("\n"));
    String notes =
        ReportText.notes(report).stream()
            .map(note -> "<p>" + text(note) + "</p>")
            .collect(Collectors.joining("\n"));
    return HtmlPage.of(
        "chase report by " + report.by(),
        "<table><tr>%s</tr>\n%s\n</table>\n%s".formatted(head, rows, notes));
  }

  private static String row(List<String> cells) {
    return cells.stream()
        .map(cell -> "<td>" + text(cell) + "</td>")
        .collect(Collectors.joining("", "<tr>", "</tr>"));
  }
}
