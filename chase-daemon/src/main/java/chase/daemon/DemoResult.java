package chase.daemon;

import chase.daemon.api.ReportBody;
import chase.daemon.text.Numbers;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What a demo saved, by its own ledger, in words; a pure function. */
final class DemoResult {
  /** Less than this is called small. */
  private static final double SMALL = 0.015;

  private static final String GRAMS = "grams";

  private DemoResult() {}

  /** A line for all jobs together, and one for each. */
  static List<String> lines(ReportBody report) {
    if (saved(report.total().fullPower()).isEmpty()) {
      return List.of("SIMULATED result: none yet; the jobs can be compared after half a minute");
    }
    List<String> lines = new ArrayList<>();
    lines.add("SIMULATED result of both jobs, GPUs alone: " + saved(report.total()));
    for (ReportBody.LineBody line : report.lines()) {
      line.group().ifPresent(job -> lines.add("  " + job + ": " + saved(line)));
    }
    return lines;
  }

  private static String saved(ReportBody.LineBody line) {
    Optional<Double> full = saved(line.fullPower());
    if (full.isEmpty()) {
      return "not measured long enough to be compared";
    }
    return compared(full.get())
        + " than at full power, "
        + saved(line.blind())
            .map(DemoResult::againstBlind)
            .orElse("not compared with a plan that ignores the grid")
        + line.slowdownRatio()
            .map(slower ->
                ", %s slower than at full power".formatted(Numbers.percent(Math.max(0, slower))))
            .orElse("");
  }

  private static Optional<Double> saved(Optional<Map<String, ReportBody.Against>> comparison) {
    return comparison
        .flatMap(figures -> Optional.ofNullable(figures.get(GRAMS)))
        .flatMap(ReportBody.Against::savedRatio);
  }

  private static String compared(double ratio) {
    return String.format(
        Locale.ROOT, "%s %s CO2", Numbers.percent(Math.abs(ratio)), ratio < 0 ? "more" : "less");
  }

  private static String againstBlind(double ratio) {
    return String.format(
        Locale.ROOT,
        "%s %s than a plan as slow that ignores the grid%s",
        Numbers.percent(Math.abs(ratio)),
        ratio < 0 ? "more" : "less",
        Math.abs(ratio) < SMALL ? " (small)" : "");
  }
}
