package chase.daemon.cli.view;

import chase.daemon.api.OutlookBody.PeriodBody;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The forecast of a signal, as a small chart of block characters. */
final class SignalChart {
  private static final Duration SHOWN = Duration.ofHours(24);
  private static final int ROWS = 8;
  private static final int WIDTH = 72;
  private static final int TICKS = 4;
  private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("HH:mm", Locale.ROOT);
  private static final DateTimeFormatter SECONDS =
      DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT);

  private final List<PeriodBody> periods;
  private final int wide;

  private SignalChart(List<PeriodBody> periods) {
    this.periods = periods;
    this.wide = Math.max(1, WIDTH / periods.size());
  }

  /** The lines of a chart of the next day, or of a shorter forecast. */
  static List<String> of(List<PeriodBody> ahead) {
    if (ahead.isEmpty()) {
      return List.of();
    }
    Instant end = ahead.getFirst().from().plus(SHOWN);
    List<PeriodBody> shown = ahead.stream().filter(period -> period.from().isBefore(end)).toList();
    return new SignalChart(thinned(shown)).lines();
  }

  /** At most as many periods as there are columns; each stands for those that follow it. */
  private static List<PeriodBody> thinned(List<PeriodBody> periods) {
    int each = Math.ceilDiv(periods.size(), WIDTH);
    List<PeriodBody> some = new ArrayList<>();
    for (int i = 0; i < periods.size(); i += each) {
      some.add(periods.get(i));
    }
    return some;
  }

  private List<String> lines() {
    double top = periods.stream().mapToDouble(SignalChart::high).max().orElseThrow();
    double highest = top > 0 ? top : 1;
    List<String> lines = new ArrayList<>();
    for (int row = ROWS - 1; row >= 0; row--) {
      StringBuilder line = new StringBuilder(scale(row, highest)).append('│');
      for (PeriodBody period : periods) {
        line.append(cell(period, (row + 0.5) * highest / ROWS).repeat(wide));
      }
      lines.add(line.toString().stripTrailing());
    }
    lines.add("    0 └" + "─".repeat(periods.size() * wide));
    lines.add(times());
    lines.add(
        "█ up to the lower end of the 80 % interval, ▓ to what is expected, ░ to the upper end");
    return lines;
  }

  private static String scale(int row, double highest) {
    return row % 2 == 1
        ? String.format(Locale.ROOT, "%5.0f ", (row + 1) * highest / ROWS)
        : " ".repeat(6);
  }

  private static String cell(PeriodBody period, double level) {
    if (low(period) >= level) {
      return "█";
    }
    if (period.gramsPerKwh() >= level) {
      return "▓";
    }
    return high(period) >= level ? "░" : " ";
  }

  private static double low(PeriodBody period) {
    return period.lowGramsPerKwh().orElse(period.gramsPerKwh());
  }

  private static double high(PeriodBody period) {
    return period.highGramsPerKwh().orElse(period.gramsPerKwh());
  }

  /** A few moments under their columns; with seconds where a recording is played fast. */
  private String times() {
    Duration span = Duration.between(periods.getFirst().from(), periods.getLast().to());
    DateTimeFormatter form = span.compareTo(Duration.ofHours(1)) < 0 ? SECONDS : CLOCK;
    StringBuilder line = new StringBuilder(" ".repeat(7));
    for (int tick = 0; tick < TICKS; tick++) {
      int at = tick * periods.size() / TICKS;
      int column = 7 + at * wide;
      String text = form.format(periods.get(at).from().atOffset(ZoneOffset.UTC));
      if (column >= line.length()) {
        line.append(" ".repeat(column - line.length())).append(text).append(' ');
      }
    }
    return line + "UTC";
  }
}
