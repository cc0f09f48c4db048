package chase.daemon.cli.view;

import static chase.daemon.cli.view.Table.number;
import static chase.daemon.cli.view.Table.text;

import chase.daemon.api.ReportBody;
import chase.daemon.api.ReportBody.Against;
import chase.daemon.api.ReportBody.LineBody;
import chase.daemon.text.Numbers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/** The receipt of one job as text for a terminal. */
public final class ReceiptText {
  private static final String HOST = "_with_host";

  private ReceiptText() {}

  /**
   * The receipt.
   *
   * @param line the job's line of a report
   * @param method how the comparisons are made
   */
  public static String of(LineBody line, String method, TextLayout layout) {
    List<String> parts = new ArrayList<>();
    parts.add(layout.sentences(heading(line, layout)));
    parts.add("");
    parts.add(figures(line, layout));
    parts.add("");
    List<String> notes = new ArrayList<>();
    if (!line.limits().isEmpty()) {
      notes.add("GPU time under each limit: " + limits(line) + ".");
    }
    notes.addAll(ReportText.basis(line));
    notes.add(
        line.fullPower().isPresent()
            ? method
            : "No profile was measured of this job, so that nothing is compared.");
    notes.forEach(note -> parts.add(layout.sentences(note)));
    return String.join("\n", parts);
  }

  private static String heading(LineBody line, TextLayout layout) {
    String name = line.name().map(known -> " (" + known + ")").orElse("");
    String who =
        line.job().flatMap(ReportBody.ReportedJobBody::user).map(user -> " of " + user).orElse("");
    String when =
        line.job()
            .map(job ->
                ", %s to %s"
                    .formatted(
                        layout.time(job.startedAt()),
                        job.endedAt().map(layout::time).orElse("now")))
            .orElse("");
    String policy =
        line.job().flatMap(ReportBody.ReportedJobBody::policy).map(p -> ", " + p).orElse("");
    String steps = line.steps().isPresent() ? ", " + line.steps().get() + " steps" : "";
    String slower =
        line.slowdownRatio().isPresent()
            ? ", " + ReportText.percent(line.slowdownRatio()) + " slower than at full power"
            : "";
    return "job "
        + line.group().orElse("-")
        + name
        + who
        + when
        + policy
        + ", "
        + ReportText.time(line.gpuSeconds())
        + " of GPU time"
        + steps
        + slower;
  }

  private static String figures(LineBody line, TextLayout layout) {
    String currency =
        line.used()
            .money()
            .filter(paid -> paid.size() == 1)
            .map(paid -> paid.getFirst().currency())
            .orElse("MONEY");
    List<List<String>> rows = new ArrayList<>();
    Optional<ReportBody.MoneyBody> paid = ReportText.paid(line, currency);
    rows.add(
        List.of(
            "used",
            ReportText.kilowattHours(line.used().joules()),
            ReportText.kilowattHours(line.used().joulesWithHost()),
            ReportText.figure(line.used().grams()),
            ReportText.figure(line.used().gramsWithHost()),
            paid.map(money -> ReportText.money(money.amount())).orElse("-"),
            paid.map(money -> ReportText.money(money.amountWithHost())).orElse("-")));
    line.fullPower().ifPresent(full -> compare(rows, "at full power", full));
    line.blind().ifPresent(blind -> compare(rows, "carbon-blind", blind));
    return Table.of(
            List.of(
                text(""),
                number("KWH"),
                number("+HOST"),
                number("GCO2"),
                number("+HOST"),
                number(currency),
                number("+HOST")),
            rows)
        .render(layout);
  }

  private static void compare(List<List<String>> rows, String name, Map<String, Against> with) {
    rows.add(
        List.of(
            name,
            ReportText.kilowattHours(would(with, "joules")),
            ReportText.kilowattHours(would(with, "joules" + HOST)),
            ReportText.figure(would(with, "grams")),
            ReportText.figure(would(with, "grams" + HOST)),
            ReportText.money(would(with, "money")),
            ReportText.money(would(with, "money" + HOST))));
    rows.add(
        List.of(
            "  saved",
            saved(with, "joules"),
            saved(with, "joules" + HOST),
            saved(with, "grams"),
            saved(with, "grams" + HOST),
            saved(with, "money"),
            saved(with, "money" + HOST)));
  }

  private static Optional<Double> would(Map<String, Against> with, String name) {
    return figure(with, name, Against::would);
  }

  private static Optional<Double> figure(
      Map<String, Against> with, String name, ToDoubleFunction<Against> of) {
    Against known = with.get(name);
    return known == null ? Optional.empty() : Optional.of(of.applyAsDouble(known));
  }

  private static String saved(Map<String, Against> with, String name) {
    Against known = with.get(name);
    return known == null ? "-" : ReportText.percent(known.savedRatio());
  }

  private static String limits(LineBody line) {
    return line.limits().stream()
        .map(time ->
            Numbers.oneDecimal(time.limitWatts()) + " W " + ReportText.time(time.gpuSeconds()))
        .collect(Collectors.joining(", "));
  }
}
