package chase.daemon.cli.view;

import static chase.daemon.cli.view.Table.cell;

import chase.daemon.api.ReportBody;
import chase.daemon.api.ReportBody.LineBody;
import chase.daemon.api.ReportBody.MoneyBody;
import chase.daemon.text.Durations;
import chase.daemon.text.HtmlPage;
import chase.daemon.text.Numbers;
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

  /** What {@code -o} may name, whatever the report is by. */
  public static final List<String> COLUMNS = ReportColumns.KEYS;

  private ReportText() {}

  /** The table, and what the reader must know of its figures. */
  public static String of(ReportBody report, TextLayout layout) {
    if (report.from().isEmpty()) {
      return layout.sentences("the ledger has nothing from that time");
    }
    List<String> parts = new ArrayList<>();
    parts.add(new ReportColumns(report).listing().render(ReportColumns.rows(report), layout));
    if (layout.headers()) {
      parts.add("");
      notes(report, layout).forEach(note -> parts.add(layout.sentences(note)));
    }
    return String.join("\n", parts);
  }

  /** The same as one HTML page that needs nothing else; all columns, and local times. */
  public static String html(ReportBody report, TextLayout layout) {
    var columns = new ReportColumns(report).listing().columns();
    String notes =
        notes(report, layout).stream()
            .map(note -> "<p>" + HtmlPage.text(note) + "</p>")
            .collect(Collectors.joining("\n"));
    return HtmlPage.of(
        "chase report by " + report.by(),
        "<p>%s</p>\n%s\n%s"
            .formatted(
                HtmlPage.text(headline(report)),
                HtmlPage.table(
                    columns.stream()
                        .map(
                            one -> new HtmlPage.HtmlColumn(one.shape().name(), one.shape().right()))
                        .toList(),
                    ReportColumns.rows(report).stream()
                        .map(row ->
                            columns.stream().map(one -> one.cell().apply(row, layout)).toList())
                        .toList()),
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
    return figures.isPresent() ? ReportColumns.saved(figures, "") : "unknown";
  }

  /** What the reader must know of the figures. */
  private static List<String> notes(ReportBody report, TextLayout layout) {
    List<String> notes = new ArrayList<>();
    notes.add(
        "%s to %s, whole hours%s."
            .formatted(
                report.from().map(layout::time).orElse("-"),
                layout.time(report.to()),
                report.leftOff() > 0
                    ? String.format(
                        Locale.ROOT, "; %d more lines are in the total alone", report.leftOff())
                    : ""));
    notes.addAll(basis(report.total()));
    notes.add(
        "Figures are the GPUs' alone; -o wide shows them with the host's draw (+HOST). VS FULL and"
            + " VS BLIND: the share of carbon (of energy, where no carbon is known) saved against"
            + " the same work at full power, and under a carbon-blind plan.");
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
}
