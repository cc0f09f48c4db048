package chase.daemon.simulation;

import chase.daemon.simulation.Chart.Axis;
import chase.daemon.simulation.Chart.Look;
import chase.daemon.simulation.Chart.Panel;
import chase.daemon.simulation.Chart.Place;
import chase.daemon.simulation.Chart.Series;
import chase.daemon.text.HtmlPage;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * A chart as SVG, for a page or a file of its own, which is light or dark as its reader prefers,
 * also as an image in somebody else's page. The same chart always becomes the same text. Draws
 * without the JDK's AWT, which would double the modules that an installed Chase brings along.
 */
final class ChartSvg {
  private static final int WIDTH = 760;
  private static final int TOP = 6;
  private static final int RIGHT = 12;
  private static final int GAP = 18;
  private static final int LINE = 22;

  /** Of the text, which is 14 pixels high: the width of most letters, whatever the font. */
  private static final double LETTER = 7.4;

  /** Outlines, which show each other where they lie on one place. */
  private static final List<String> MARKS =
      List.of(
          "m5,0a5,5 0 1 1 -10,0a5,5 0 1 1 10,0z",
          "m-4.5,-4.5h9v9h-9z",
          "m0,-6l5.5,10.5h-11z",
          "m0,-7l5.5,7l-5.5,7l-5.5,-7z",
          "m0,6l5.5,-10.5h-11z");

  private final StringBuilder body = new StringBuilder();
  private final Map<String, String> darkRules = new TreeMap<>();

  private ChartSvg() {}

  /**
   * The chart.
   *
   * @param name one word, different for every picture of a page
   * @param title what it is, for readers who do not see it
   * @param summary what it shows, in a sentence
   */
  static String of(String name, Chart chart, String title, String summary) {
    ChartSvg svg = new ChartSvg();
    svg.draw(chart);
    return """
    <svg role='img' aria-labelledby='%1$s-title %1$s-summary' id='%1$s' \
    xmlns='http://www.w3.org/2000/svg' width='%2$s' height='%3$s' viewBox='0 0 %2$s %3$s' \
    font-family='sans-serif' font-size='14'>\
    <title id='%1$s-title'>%4$s</title><desc id='%1$s-summary'>%5$s</desc>\
    <style>%6$s</style>
    %7$s</svg>\
    """
        .formatted(
            name,
            WIDTH,
            chart.height(),
            HtmlPage.text(title),
            HtmlPage.text(summary),
            svg.darkStyle(),
            svg.body);
  }

  private void draw(Chart chart) {
    add(
        String.format(
            Locale.ROOT,
            "<rect width='%d' height='%d'%s/>",
            WIDTH,
            chart.height(),
            fill(ChartColour.PAPER)));
    List<Panel> panels = chart.panels();
    List<Series> series = panels.stream().flatMap(panel -> panel.series().stream()).toList();
    double legend = chart.height() - LINE * legendLines(series);
    double left =
        LINE
            + LETTER
                * panels.stream()
                    .map(Panel::up)
                    .flatMap(up -> Arrays.stream(up.ticks()).mapToObj(up::label))
                    .mapToInt(String::length)
                    .max()
                    .orElse(0)
            + 10;
    double bottom = legend - 2 * LINE - 2;
    double free = bottom - TOP - GAP * (panels.size() - 1);
    double unit = free / panels.stream().mapToInt(Panel::share).sum();
    double top = TOP;
    for (Panel panel : panels) {
      Area area = new Area(left, top, WIDTH - RIGHT, top + unit * panel.share(), chart.across());
      drawPanel(panel, area);
      top = area.bottom() + GAP;
    }
    drawAcross(chart.across(), new Area(left, bottom, WIDTH - RIGHT, bottom, chart.across()));
    drawLegend(series, legend);
  }

  /** Where a panel's curves are drawn, in pixels. */
  private record Area(double left, double top, double right, double bottom, Axis across) {
    double x(double value) {
      return left + (right - left) * across.place(value);
    }

    double y(Axis up, double value) {
      return bottom - (bottom - top) * up.place(value);
    }
  }

  private void drawPanel(Panel panel, Area area) {
    Axis up = panel.up();
    for (double tick : area.across().ticks()) {
      line(area.x(tick), area.top(), area.x(tick), area.bottom(), ChartColour.RULE);
    }
    for (double tick : up.ticks()) {
      double y = area.y(up, tick);
      line(area.left(), y, area.right(), y, ChartColour.RULE);
      text(area.left() - 6, y + 5, "end", up.label(tick));
    }
    line(area.left(), area.top(), area.left(), area.bottom(), ChartColour.GREY);
    line(area.left(), area.bottom(), area.right(), area.bottom(), ChartColour.GREY);
    add(
        String.format(
            Locale.ROOT,
            "<text transform='translate(15,%.1f) rotate(-90)' text-anchor='middle'%s>%s</text>",
            (area.top() + area.bottom()) / 2,
            fill(ChartColour.INK),
            HtmlPage.text(up.meaning())));
    for (Series series : panel.series()) {
      path(series, outline(series, up, area));
    }
  }

  private static String outline(Series series, Axis up, Area area) {
    StringBuilder path = new StringBuilder();
    for (Place point : series.points()) {
      double x = area.x(point.across());
      double y = area.y(up, point.up());
      String first = String.format(Locale.ROOT, "M%.1f,%.1f", x, y);
      path.append(
          path.isEmpty() || series.look() instanceof Look.Mark
              ? first
              : switch (series.look()) {
                case Look.Steps _ -> String.format(Locale.ROOT, "H%.1fV%.1f", x, y);
                case Look.Line _, Look.Mark _ -> String.format(Locale.ROOT, "L%.1f,%.1f", x, y);
              });
      if (series.look() instanceof Look.Mark(int i)) {
        path.append(MARKS.get(i % MARKS.size()));
      }
    }
    return path.toString();
  }

  private void drawAcross(Axis across, Area area) {
    for (double tick : across.ticks()) {
      text(area.x(tick), area.bottom() + 18, "middle", across.label(tick));
    }
    text((area.left() + area.right()) / 2, area.bottom() + 39, "middle", across.meaning());
  }

  private static double entryWidth(Series series) {
    return 40 + LETTER * series.name().length();
  }

  private static int legendLines(List<Series> series) {
    int lines = 1;
    double x = 0;
    for (Series each : series) {
      if (x > 0 && x + entryWidth(each) > WIDTH) {
        lines++;
        x = 0;
      }
      x += entryWidth(each);
    }
    return lines;
  }

  private void drawLegend(List<Series> series, double top) {
    double x = 0;
    double y = top + 8;
    for (Series each : series) {
      if (x > 0 && x + entryWidth(each) > WIDTH) {
        x = 0;
        y += LINE;
      }
      path(
          each,
          each.look() instanceof Look.Mark(int i)
              ? String.format(Locale.ROOT, "M%.1f,%.1f%s", x + 16, y, MARKS.get(i % MARKS.size()))
              : String.format(Locale.ROOT, "M%.1f,%.1fh18", x + 6, y));
      text(x + 28, y + 5, "start", each.name());
      x += entryWidth(each);
    }
  }

  private void path(Series series, String outline) {
    String look =
        switch (series.look()) {
          case Look.Line(boolean dashed) -> dashed ? " stroke-dasharray='6,4'" : "";
          case Look.Mark _ -> "";
          case Look.Steps(double width) ->
              String.format(Locale.ROOT, " style='stroke-width:%.1f'", width);
        };
    add(
        String.format(
            Locale.ROOT,
            "<path d='%s' fill='none' stroke-width='2'%s%s/>",
            outline,
            stroke(series.colour()),
            look));
  }

  /** Between pixels a line would be thick here and thin there, so it is set on them. */
  private void line(double x1, double y1, double x2, double y2, ChartColour colour) {
    add(
        String.format(
            Locale.ROOT,
            "<path d='M%.1f,%.1fL%.1f,%.1f' shape-rendering='crispEdges'%s/>",
            x1,
            y1,
            x2,
            y2,
            stroke(colour)));
  }

  private void text(double x, double y, String anchor, String words) {
    add(
        String.format(
            Locale.ROOT,
            "<text x='%.1f' y='%.1f' text-anchor='%s'%s>%s</text>",
            x,
            y,
            anchor,
            fill(ChartColour.INK),
            HtmlPage.text(words)));
  }

  private void add(String element) {
    body.append(element).append('\n');
  }

  private String fill(ChartColour colour) {
    return paint("fill", colour);
  }

  private String stroke(ChartColour colour) {
    return paint("stroke", colour);
  }

  /**
   * A light colour is an attribute, which every viewer understands and any rule overrides; a class
   * names it for the dark one.
   */
  private String paint(String property, ChartColour colour) {
    String name = property.charAt(0) + colour.light();
    darkRules.put(name, property + ":#" + colour.dark());
    return " %s='#%s' class='%s'".formatted(property, colour.light(), name);
  }

  private String darkStyle() {
    StringBuilder rules = new StringBuilder();
    darkRules.forEach((name, rule) -> rules.append(".%s{%s}".formatted(name, rule)));
    return "@media(prefers-color-scheme:dark){%s}".formatted(rules);
  }
}
