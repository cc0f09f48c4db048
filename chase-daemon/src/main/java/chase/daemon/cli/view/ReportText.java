package chase.daemon.cli.view;

import static chase.daemon.text.Table.cell;
import static chase.daemon.text.Table.number;
import static chase.daemon.text.Table.text;

import chase.daemon.api.ReportBody;
import chase.daemon.api.ReportBody.LineBody;
import chase.daemon.api.ReportBody.MoneyBody;
import chase.daemon.text.Durations;
import chase.daemon.text.HtmlPage;
import chase.daemon.text.Numbers;
import chase.daemon.text.Table;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** A report as a table for a terminal, or as a page. */
public final class ReportText {
  private static final double JOULES_PER_KWH = 3.6e6;
  private static final double SECONDS_PER_HOUR = 3600;
  private static final String HOST = "+HOST";

  private ReportText() {}

  /** The table, and what the reader must know of its figures. */
  public static String of(ReportBody report) {
    if (report.from().isEmpty()) {
      return "the ledger has nothing from that time";
    }
    Columns columns = new Columns(report);
    List<String> parts = new ArrayList<>();
    parts.add(new Table(columns.names(), columns.rows()).render());
    parts.add("");
    parts.addAll(notes(report));
    return String.join("\n", parts);
  }

  /** The same as one HTML page that needs nothing else. */
  public static String html(ReportBody report) {
    Columns columns = new Columns(report);
    String notes =
        notes(report).stream()
            .map(note -> "<p>" + HtmlPage.text(note) + "</p>")
            .collect(Collectors.joining("\n"));
    return HtmlPage.of(
        "chase report by " + report.by(),
        "<p>%s</p>\n%s\n%s"
            .formatted(
                HtmlPage.text(headline(report)),
                HtmlPage.table(new Table(columns.names(), columns.rows())),
                notes));
  }

  /** The total in a sentence. */
  private static String headline(ReportBody report) {
    LineBody total = report.total();
    return "%s %s kWh and %s gCO2 in %s GPU hours, without the host. Estimated savings: %s against full power, %s against a carbon-blind plan."
        .formatted(
            report.simulated() ? "Simulated, in all" : "In all",
            kilowattHours(total.used().joules()),
            figure(total.used().grams()),
            Numbers.threeDigits(total.gpuSeconds() / SECONDS_PER_HOUR),
            savedOrUnknown(total.fullPower()),
            savedOrUnknown(total.blind()));
  }

  private static String savedOrUnknown(Optional<Map<String, ReportBody.Against>> figures) {
    return figures.isPresent() ? Columns.saved(figures, "") : "unknown";
  }

  /** What the reader must know of the figures. */
  private static List<String> notes(ReportBody report) {
    List<String> notes = new ArrayList<>();
    notes.add(
        "%s to %s, whole hours (UTC)%s."
            .formatted(
                report.from().map(StatusText::time).orElse("-"),
                StatusText.time(report.to()),
                report.leftOff() > 0
                    ? String.format(
                        Locale.ROOT, "; %d more lines are in the total alone", report.leftOff())
                    : ""));
    notes.addAll(basis(report.total()));
    notes.add(
        "GPU only, and +HOST with the host's draw. VS FULL and VS BLIND: the share of carbon (of"
            + " energy, where no carbon is known) saved against the same work at full power, and"
            + " under a carbon-blind plan.");
    notes.add(report.method());
    return notes;
  }

  /** Where the figures come from, and how far they reach. */
  static List<String> basis(LineBody line) {
    ReportBody.BasisBody basis = line.basis();
    List<String> notes = new ArrayList<>();
    if (basis.gpus().contains("simulated")) {
      notes.add(
          basis.gpus().size() == 1
              ? "SIMULATED GPUs: energy, work and all that follows from them are simulated."
              : "Some of the GPUs are SIMULATED, and so is what they used.");
    }
    notes.add(
        "Energy: %s. Carbon: %s. Price: %s. Host: %s. Work: %s."
            .formatted(
                energy(basis),
                words(basis.carbon()),
                words(basis.price()),
                words(basis.host()),
                words(basis.work())));
    share(line.joulesWithoutSignal(), line)
        .ifPresent(share ->
            notes.add(share + " of the energy has no trusted signal, and is in no grams."));
    share(line.joulesWithoutPrice(), line)
        .ifPresent(share -> notes.add(share + " of the energy has no price, and is in no money."));
    if (line.secondsWithoutHost().isPresent()) {
      notes.add(
          "The host's draw is unknown for %s of GPU time."
              .formatted(time(line.secondsWithoutHost().get())));
    }
    return notes;
  }

  private static Optional<String> share(Optional<Double> part, LineBody line) {
    double whole = line.used().joules().orElse(0.0);
    return part.isPresent() && whole > 0
        ? Optional.of(Numbers.percent(part.get() / whole))
        : Optional.empty();
  }

  private static String energy(ReportBody.BasisBody basis) {
    return basis.energy().isEmpty()
        ? "unknown"
        : String.join(
            " and ",
            basis.energy().stream()
                .map(word ->
                    word.equals("counter")
                        ? "the GPU's counter"
                        : "power samples added up (estimated)")
                .toList());
  }

  private static String words(List<String> all) {
    return all.isEmpty() ? "unknown" : String.join("; ", all);
  }

  static String time(double seconds) {
    return seconds < 1
        ? String.format(Locale.ROOT, "%.1fs", seconds)
        : Durations.format(Duration.ofSeconds(Math.round(seconds)));
  }

  /** What was paid in {@code currency}. */
  static Optional<MoneyBody> paid(LineBody line, String currency) {
    return line.used().money().orElse(List.of()).stream()
        .filter(money -> money.currency().equals(currency))
        .findFirst();
  }

  /** The currencies that were paid in. */
  static List<String> currencies(ReportBody report) {
    return report.total().used().money().orElse(List.of()).stream()
        .map(MoneyBody::currency)
        .toList();
  }

  static String kilowattHours(Optional<Double> joules) {
    return cell(joules, value -> Numbers.threeDigits(value / JOULES_PER_KWH));
  }

  static String figure(Optional<Double> value) {
    return cell(value, Numbers::threeDigits);
  }

  static String percent(Optional<Double> share) {
    return cell(share, Numbers::percent);
  }

  static String money(Optional<Double> amount) {
    return cell(amount, ReportText::money);
  }

  static String money(double amount) {
    return Math.abs(amount) >= 1
        ? String.format(Locale.ROOT, "%.2f", amount)
        : Numbers.threeDigits(amount);
  }

  /** The columns of a report for people. */
  private static final class Columns {
    private final ReportBody report;
    private final List<String> currencies;
    private final boolean jobs;
    private final boolean named;

    Columns(ReportBody report) {
      this.report = report;
      this.currencies = currencies(report);
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
      report.lines().forEach(line -> rows.add(row(line, line.group().orElse("(none)"))));
      rows.add(row(report.total(), "TOTAL"));
      return rows;
    }

    private List<String> row(LineBody line, String group) {
      List<String> cells = new ArrayList<>();
      cells.add(group);
      if (named) {
        cells.add(line.name().orElse(""));
      }
      if (jobs) {
        cells.add(line.job().flatMap(ReportBody.ReportedJobBody::user).orElse(""));
        cells.add(line.job().map(job -> StatusText.time(job.startedAt())).orElse(""));
      }
      cells.add(Numbers.threeDigits(line.gpuSeconds() / SECONDS_PER_HOUR));
      cells.add(kilowattHours(line.used().joules()));
      cells.add(kilowattHours(line.used().joulesWithHost()));
      cells.add(figure(line.used().grams()));
      cells.add(figure(line.used().gramsWithHost()));
      for (String currency : currencies) {
        Optional<MoneyBody> paid = paid(line, currency);
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
  }
}
