package chase.daemon.cli;

import static chase.daemon.text.Table.number;
import static chase.daemon.text.Table.text;

import chase.daemon.api.ReportBody;
import chase.daemon.api.ReportBody.Line;
import chase.daemon.text.Numbers;
import chase.daemon.text.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/** The columns of a report for people. */
final class ReportColumns {
  private static final double JOULES_PER_KWH = 3.6e6;
  private static final double SECONDS_PER_HOUR = 3600;
  private static final String HOST = "+HOST";

  private final ReportBody report;
  private final List<String> currencies;
  private final boolean jobs;
  private final boolean named;

  ReportColumns(ReportBody report) {
    this.report = report;
    this.currencies = new ReportCells(report).currencies();
    this.jobs = report.by().equals("job");
    this.named = jobs || report.by().equals("gpu");
  }

  /** Their names. */
  List<Table.Column> names() {
    List<Table.Column> names = new ArrayList<>();
    names.add(text(report.by().toUpperCase(Locale.ROOT)));
    if (named) {
      names.add(text("NAME"));
    }
    if (jobs) {
      names.add(text("USER"));
      names.add(text("STARTED"));
    }
    names.add(number("GPU HOURS"));
    names.add(number("KWH"));
    names.add(number(HOST));
    names.add(number("GCO2"));
    names.add(number(HOST));
    for (String currency : currencies) {
      names.add(number(currency));
      names.add(number(HOST));
    }
    names.add(number("SLOWER"));
    names.add(number("VS FULL"));
    names.add(number(HOST));
    names.add(number("VS BLIND"));
    names.add(number(HOST));
    return names;
  }

  /** A row for each line, and the total as the last. */
  List<List<String>> rows() {
    List<List<String>> rows = new ArrayList<>();
    report.lines().forEach(line -> rows.add(row(line, line.group().orElse("(nobody)"))));
    rows.add(row(report.total(), "TOTAL"));
    return rows;
  }

  private List<String> row(Line line, String group) {
    List<String> cells = new ArrayList<>();
    cells.add(group);
    if (named) {
      cells.add(line.name().orElse(""));
    }
    if (jobs) {
      cells.add(line.job().flatMap(ReportBody.Job::user).orElse(""));
      cells.add(line.job().map(job -> StatusText.time(job.startedAt())).orElse(""));
    }
    cells.add(Numbers.threeDigits(line.gpuSeconds() / SECONDS_PER_HOUR));
    cells.add(kilowattHours(line.used().joules()));
    cells.add(kilowattHours(line.used().joulesWithHost()));
    cells.add(figure(line.used().grams()));
    cells.add(figure(line.used().gramsWithHost()));
    for (String currency : currencies) {
      Optional<ReportBody.Money> paid = ReportCells.paid(line, currency);
      cells.add(paid.map(money -> money(money.amount())).orElse("-"));
      cells.add(paid.map(money -> money(money.amountWithHost())).orElse("-"));
    }
    cells.add(percent(line.slowdownRatio()));
    cells.add(saved(line.fullPower(), ""));
    cells.add(saved(line.fullPower(), "_with_host"));
    cells.add(saved(line.blind(), ""));
    cells.add(saved(line.blind(), "_with_host"));
    return cells;
  }

  /** The share of carbon that was saved; of energy, where no carbon is known. */
  private static String saved(Optional<Map<String, ReportBody.Against>> figures, String host) {
    return figures
        .flatMap(known ->
            Optional.ofNullable(known.get("grams" + host))
                .or(() -> Optional.ofNullable(known.get("joules" + host))))
        .map(figure -> percent(figure.savedRatio()))
        .orElse("-");
  }

  static String kilowattHours(OptionalDouble joules) {
    return joules.isPresent() ? Numbers.threeDigits(joules.getAsDouble() / JOULES_PER_KWH) : "-";
  }

  static String figure(OptionalDouble value) {
    return value.isPresent() ? Numbers.threeDigits(value.getAsDouble()) : "-";
  }

  static String money(OptionalDouble amount) {
    return amount.isPresent() ? money(amount.getAsDouble()) : "-";
  }

  static String money(double amount) {
    return Math.abs(amount) >= 1
        ? String.format(Locale.ROOT, "%.2f", amount)
        : Numbers.threeDigits(amount);
  }

  static String percent(OptionalDouble share) {
    return share.isPresent() ? Numbers.percent(share.getAsDouble()) : "-";
  }
}
