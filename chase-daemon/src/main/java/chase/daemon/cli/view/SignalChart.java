package chase.daemon.cli.view;

import chase.daemon.api.OutlookBody.PeriodBody;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The forecast of a signal, as a small chart of block characters. */
final class SignalChart {
  private static final Duration SHOWN = Duration.ofHours(24);
  private static final int ROWS = 8;
  private static final int MAX_WIDTH = 72;

  /** Of the scale and its axis. */
  private static final int MARGIN = 7;

  private static final Ink BLOCKS = new Ink("█", "▓", "░", "│", "└", "─");
  private static final Ink LETTERS = new Ink("#", "=", ".", "|", "+", "-");
  private static final int TICKS = 4;

  /** Room for the zone's name. */
  private static final int ZONE = 6;

  private final List<PeriodBody> periods;
  private final TextLayout layout;
  private final Ink ink;
  private final int wide;

  /** What it is drawn with. */
  private record Ink(
      String low, String expected, String high, String axis, String corner, String line) {}

  private SignalChart(List<PeriodBody> periods, TextLayout layout) {
    this.periods = periods;
    this.layout = layout;
    this.ink = layout.unicode() ? BLOCKS : LETTERS;
    this.wide = Math.max(1, room(layout) / periods.size());
  }

  private static int room(TextLayout layout) {
    return Math.clamp(layout.width() - MARGIN, 1, MAX_WIDTH);
  }

  /** The lines of a chart of the next day, or of a shorter forecast. */
  static List<String> of(List<PeriodBody> ahead, TextLayout layout) {
    if (ahead.isEmpty()) {
      return List.of();
    }
    Instant end = ahead.getFirst().from().plus(SHOWN);
    List<PeriodBody> shown = ahead.stream().filter(period -> period.from().isBefore(end)).toList();
    return new SignalChart(thinned(shown, room(layout)), layout).lines();
  }

  /** At most as many periods as there are columns; each stands for those that follow it. */
  private static List<PeriodBody> thinned(List<PeriodBody> periods, int room) {
    int each = Math.ceilDiv(periods.size(), room);
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
      StringBuilder line = new StringBuilder(scale(row, highest)).append(ink.axis());
      for (PeriodBody period : periods) {
        line.append(cell(period, (row + 0.5) * highest / ROWS).repeat(wide));
      }
      lines.add(line.toString().stripTrailing());
    }
    lines.add("    0 " + ink.corner() + ink.line().repeat(periods.size() * wide));
    lines.add(times());
    String key =
        layout.sentences(
            "%s up to the lower end of the 80 %% interval, %s to what is expected, %s to the upper end"
                .formatted(ink.low(), ink.expected(), ink.high()));
    lines.addAll(key.lines().toList());
    return lines;
  }

  private static String scale(int row, double highest) {
    return row % 2 == 1
        ? String.format(Locale.ROOT, "%5.0f ", (row + 1) * highest / ROWS)
        : " ".repeat(6);
  }

  private String cell(PeriodBody period, double level) {
    if (low(period) >= level) {
      return ink.low();
    }
    if (period.gramsPerKwh() >= level) {
      return ink.expected();
    }
    return high(period) >= level ? ink.high() : " ";
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
    boolean seconds = span.compareTo(Duration.ofHours(1)) < 0;
    StringBuilder line = new StringBuilder(" ".repeat(MARGIN));
    for (int tick = 0; tick < TICKS; tick++) {
      int at = tick * periods.size() / TICKS;
      int column = MARGIN + at * wide;
      String text = clock(periods.get(at).from(), seconds);
      boolean fits = column + text.length() <= layout.width() - ZONE;
      if (column >= line.length() && fits) {
        line.append(" ".repeat(column - line.length())).append(text).append(' ');
      }
    }
    return line + layout.times().zoneName();
  }

  private String clock(Instant at, boolean seconds) {
    ZonedDateTime local = at.atZone(layout.times().zone());
    return seconds
        ? String.format(
            Locale.ROOT, "%02d:%02d:%02d", local.getHour(), local.getMinute(), local.getSecond())
        : String.format(Locale.ROOT, "%02d:%02d", local.getHour(), local.getMinute());
  }
}
