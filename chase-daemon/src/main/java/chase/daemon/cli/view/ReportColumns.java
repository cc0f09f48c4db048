package chase.daemon.cli.view;

import chase.daemon.api.ReportBody;
import chase.daemon.api.ReportBody.LineBody;
import chase.daemon.api.ReportBody.MoneyBody;
import chase.daemon.cli.view.Listing.ListColumn;
import chase.daemon.text.Numbers;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** The columns of a report, which depend on what it is by and on what was paid in. */
final class ReportColumns {
  /** What {@code -o} may name, whatever the report is by. */
  static final List<String> KEYS =
      List.of(
          "group",
          "name",
          "kwh",
          "kwh+host",
          "gco2",
          "gco2+host",
          "money",
          "money+host",
          "full",
          "full+host",
          "blind",
          "blind+host",
          "slower",
          "hours",
          "user",
          "started");

  private static final String HOST = "+HOST";
  private static final double SECONDS_PER_HOUR = 3600;

  private final ReportBody report;
  private final List<ListColumn<ReportRow>> columns = new ArrayList<>();

  ReportColumns(ReportBody report) {
    this.report = report;
  }

  /**
   * A row of the table.
   *
   * @param group what it is of
   */
  record ReportRow(String group, LineBody line) {}

  /** The lines, and the total as the last. */
  static List<ReportRow> rows(ReportBody report) {
    List<ReportRow> rows = new ArrayList<>();
    report.lines().forEach(line -> rows.add(new ReportRow(line.group().orElse("(none)"), line)));
    rows.add(new ReportRow("TOTAL", report.total()));
    return rows;
  }

  Listing<ReportRow> listing() {
    boolean jobs = report.by().equals("job");
    ListColumn<ReportRow> group =
        ListColumn.<ReportRow>words("group", report.by().toUpperCase(Locale.ROOT), ReportRow::group)
            .keep();
    // Only the UUIDs of GPUs are long, and those of one host differ where they end.
    columns.add(report.by().equals("gpu") ? group.cutInside(14) : group);
    if (jobs || report.by().equals("gpu")) {
      columns.add(
          ListColumn.<ReportRow>words("name", "NAME", row -> row.line().name().orElse(""))
              .cutTo(8));
    }
    figure("kwh", "KWH", line -> ReportText.kilowattHours(line.used().joules()), true);
    figure("kwh+host", HOST, l -> ReportText.kilowattHours(l.used().joulesWithHost()), false);
    figure("gco2", "GCO2", line -> ReportText.figure(line.used().grams()), true);
    figure("gco2+host", HOST, line -> ReportText.figure(line.used().gramsWithHost()), false);
    ReportText.currencies(report).forEach(this::money);
    figure("full", "VS FULL", line -> saved(line.fullPower(), ""), true);
    figure("full+host", HOST, line -> saved(line.fullPower(), "_with_host"), false);
    figure("blind", "VS BLIND", line -> saved(line.blind(), ""), true);
    figure("blind+host", HOST, line -> saved(line.blind(), "_with_host"), false);
    figure("slower", "SLOWER", line -> ReportText.percent(line.slowdownRatio()), true);
    figure(
        "hours",
        "GPU HOURS",
        line -> Numbers.threeDigits(line.gpuSeconds() / SECONDS_PER_HOUR),
        true);
    if (jobs) {
      columns.add(
          ListColumn.<ReportRow>words(
                  "user",
                  "USER",
                  row -> row.line().job().flatMap(ReportBody.ReportedJobBody::user).orElse(""))
              .wide());
      columns.add(
          ListColumn.<ReportRow>of("started", Table.text("STARTED"), ReportColumns::started)
              .wide());
    }
    return new Listing<>(columns);
  }

  private static String started(ReportRow row, TextLayout layout) {
    return row.line().job().map(job -> layout.time(job.startedAt())).orElse("");
  }

  private void money(String currency) {
    figure(
        "money",
        currency,
        line -> paid(line, currency, money -> ReportText.money(money.amount())),
        true);
    figure(
        "money+host",
        HOST,
        line -> paid(line, currency, money -> ReportText.money(money.amountWithHost())),
        false);
  }

  private static String paid(LineBody line, String currency, Function<MoneyBody, String> amount) {
    return ReportText.paid(line, currency).map(amount).orElse("-");
  }

  private void figure(String key, String header, Function<LineBody, String> cell, boolean usual) {
    ListColumn<ReportRow> column = ListColumn.figures(key, header, row -> cell.apply(row.line()));
    columns.add(usual ? column : column.wide());
  }

  /** The share of carbon that was saved; of energy, where no carbon is known. */
  static String saved(Optional<Map<String, ReportBody.Against>> figures, String host) {
    return figures
        .flatMap(known ->
            Optional.ofNullable(known.get("grams" + host))
                .or(() -> Optional.ofNullable(known.get("joules" + host))))
        .map(figure -> ReportText.percent(figure.savedRatio()))
        .orElse("-");
  }
}
