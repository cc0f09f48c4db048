package chase.daemon.cli;

import chase.daemon.api.ReportBody;
import chase.daemon.api.ReportBody.Line;
import chase.daemon.text.Durations;
import chase.daemon.text.Numbers;
import chase.daemon.text.Table;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;

/** A report as text for a terminal. */
final class ReportText {
  private ReportText() {}

  static String of(ReportBody report) {
    if (report.from().isEmpty()) {
      return "the ledger has nothing from that time";
    }
    ReportColumns columns = new ReportColumns(report);
    List<String> parts = new ArrayList<>();
    parts.add(new Table(columns.names(), columns.rows()).render());
    parts.add("");
    parts.addAll(notes(report));
    return String.join("\n", parts);
  }

  /** What must be known to read the figures. */
  static List<String> notes(ReportBody report) {
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
  static List<String> basis(Line line) {
    ReportBody.Basis basis = line.basis();
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
              .formatted(time(line.secondsWithoutHost().getAsDouble())));
    }
    return notes;
  }

  private static Optional<String> share(OptionalDouble part, Line line) {
    double whole = line.used().joules().orElse(0);
    return part.isPresent() && whole > 0
        ? Optional.of(Numbers.percent(part.getAsDouble() / whole))
        : Optional.empty();
  }

  private static String energy(ReportBody.Basis basis) {
    return basis.energy().isEmpty()
        ? "unknown"
        : String.join(
            " and ",
            basis.energy().stream()
                .map(word ->
                    word.equals("counter")
                        ? "the card's counter"
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
}
