package chase.daemon.simulation;

import chase.daemon.text.HtmlPage;
import java.awt.Color;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.text.TextUtils;
import org.jfree.svg.MeetOrSlice;
import org.jfree.svg.PreserveAspectRatio;
import org.jfree.svg.SVGGraphics2D;
import org.jfree.svg.ViewBox;

/**
 * A chart as SVG, for a page or a file of its own, which is light or dark as its reader prefers,
 * also as an image in somebody else's page. Needs no screen; the same chart always becomes the same
 * text.
 */
final class ChartSvg {
  private static final int WIDTH = 760;
  private static final Pattern STYLE = Pattern.compile(" style='([^']*)'");
  private static final Pattern COLOUR =
      Pattern.compile("(fill|stroke): ?rgb\\((\\d+),(\\d+),(\\d+)\\);? ?");

  /** Lines of the grid lie between pixels, and would be thick here and thin there. */
  private static final String CRISP =
      ".s%s{shape-rendering:crispEdges!important}".formatted(hex(ChartStyle.RULE));

  private final Map<String, String> darkRules = new TreeMap<>();

  private ChartSvg() {}

  /**
   * The chart.
   *
   * @param name one word, different for every picture of a page
   * @param height the height, where the width is 760
   * @param title what it is, for readers who do not see it
   * @param summary what it shows, in a sentence
   */
  static String of(String name, JFreeChart chart, int height, String title, String summary) {
    return new ChartSvg().described(drawn(name, chart, height), name, title, summary);
  }

  private static String drawn(String name, JFreeChart chart, int height) {
    // Before the first class of AWT: a display that happens to be set would be tried otherwise.
    System.setProperty("java.awt.headless", "true");
    // The names of upright axes would be drawn as outlines otherwise, which cannot be searched.
    TextUtils.setUseDrawRotatedStringWorkaround(false);
    SVGGraphics2D paper = new SVGGraphics2D(WIDTH, height);
    paper.setDefsKeyPrefix(name);
    chart.draw(paper, new Rectangle2D.Double(0, 0, WIDTH, height));
    return paper.getSVGElement(
        name,
        true,
        new ViewBox(0, 0, WIDTH, height),
        PreserveAspectRatio.XMID_YMID,
        MeetOrSlice.MEET);
  }

  private String described(String svg, String name, String title, String summary) {
    String coloured =
        STYLE.matcher(svg).replaceAll(style -> Matcher.quoteReplacement(attributes(style)));
    return coloured.replaceFirst(
        "<svg ([^>]*)>",
        Matcher.quoteReplacement(
                "<svg role='img' aria-labelledby='%1$s-title %1$s-summary' ".formatted(name))
            + "$1>"
            + Matcher.quoteReplacement(
                "<title id='%1$s-title'>%2$s</title><desc id='%1$s-summary'>%3$s</desc>%4$s"
                    .formatted(name, HtmlPage.text(title), HtmlPage.text(summary), darkStyle())));
  }

  /**
   * Light colours become attributes, which every viewer understands and any rule overrides; a class
   * names them for the dark ones.
   */
  private String attributes(MatchResult style) {
    StringBuilder attributes = new StringBuilder();
    List<String> classes = new ArrayList<>();
    String rest =
        COLOUR
            .matcher(style.group(1))
            .replaceAll(colour -> {
              Color light = colour(colour);
              String property = colour.group(1);
              String hex = hex(light);
              attributes.append(" %s='#%s'".formatted(property, hex));
              String name = property.charAt(0) + hex;
              classes.add(name);
              darkRules.put(name, property + ":#" + hex(ChartStyle.dark(light)));
              return "";
            });
    if (!classes.isEmpty()) {
      attributes.append(" class='").append(String.join(" ", classes)).append("'");
    }
    return rest.isBlank() ? attributes.toString() : attributes + " style='" + rest.strip() + "'";
  }

  private static Color colour(MatchResult rgb) {
    return new Color(
        Integer.parseInt(rgb.group(2)),
        Integer.parseInt(rgb.group(3)),
        Integer.parseInt(rgb.group(4)));
  }

  private static String hex(Color colour) {
    return String.format(Locale.ROOT, "%06x", colour.getRGB() & 0xffffff);
  }

  private String darkStyle() {
    StringBuilder rules = new StringBuilder();
    darkRules.forEach((name, rule) -> rules.append(".%s{%s}".formatted(name, rule)));
    return "<style>%s@media(prefers-color-scheme:dark){%s}</style>".formatted(CRISP, rules);
  }
}
