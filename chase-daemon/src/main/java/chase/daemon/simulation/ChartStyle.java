package chase.daemon.simulation;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Shape;
import java.awt.Stroke;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.text.NumberFormat;
import java.util.List;
import java.util.Locale;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.axis.NumberTickUnitSource;
import org.jfree.chart.labels.XYSeriesLabelGenerator;
import org.jfree.chart.plot.Plot;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.text.TextUtils;
import org.jfree.chart.title.LegendTitle;
import org.jfree.chart.ui.RectangleInsets;
import org.jfree.svg.MeetOrSlice;
import org.jfree.svg.PreserveAspectRatio;
import org.jfree.svg.SVGGraphics2D;
import org.jfree.svg.ViewBox;

/** How the pictures look: dark colours and thin lines on white, whatever the machine prefers. */
final class ChartStyle {
  static final Color GREY = new Color(0x6e7781);
  private static final Color INK = new Color(0x24292f);
  private static final Color RULE = new Color(0xd8dee4);
  private static final Font FONT = new Font(Font.SANS_SERIF, Font.PLAIN, 13);
  private static final int SVG_WIDTH = 900;
  private static final float WIDTH = 2;
  private static final float[] DASHES = {6, 4};

  /** Colours that colour-blind readers can distinguish (Okabe and Ito), without the pale yellow. */
  private static final List<Color> COLOURS =
      List.of(
          new Color(0x0072b2),
          new Color(0xd55e00),
          new Color(0x009e73),
          new Color(0xb0508a),
          new Color(0xc98a00),
          new Color(0x3fa0d8),
          new Color(0x24292f));

  /** Outlines, which show each other where they lie on one place. */
  private static final List<Shape> SHAPES =
      List.of(
          new Ellipse2D.Double(-5, -5, 10, 10),
          new Rectangle2D.Double(-4.5, -4.5, 9, 9),
          outline(0, -6, 5.5, 4.5, -5.5, 4.5),
          outline(0, -7, 5.5, 0, 0, 7, -5.5, 0),
          outline(0, 6, 5.5, -4.5, -5.5, -4.5));

  private ChartStyle() {}

  private static Shape outline(double... corners) {
    Path2D path = new Path2D.Double();
    path.moveTo(corners[0], corners[1]);
    for (int i = 2; i < corners.length; i += 2) {
      path.lineTo(corners[i], corners[i + 1]);
    }
    path.closePath();
    return path;
  }

  /** The colour of the {@code i}th policy in every picture. */
  static Color colour(int i) {
    return COLOURS.get(i % COLOURS.size());
  }

  /** The mark of the {@code i}th policy. */
  static Shape mark(int i) {
    return SHAPES.get(i % SHAPES.size());
  }

  static Stroke solid() {
    return new BasicStroke(WIDTH);
  }

  static Stroke dashed() {
    return new BasicStroke(WIDTH, BasicStroke.CAP_BUTT, BasicStroke.JOIN_MITER, 10, DASHES, 0);
  }

  /**
   * The line of the {@code i}th of {@code count} policies, drawn in this order: each is thinner
   * than the one below it, so that two on one place both show.
   */
  static Stroke line(int i, int count) {
    return new BasicStroke(1.5f * (count - i));
  }

  /** The policies as a legend names them. */
  static XYSeriesLabelGenerator legendNames(List<PolicyResult> results) {
    List<String> names = results.stream().map(result -> result.summary().policy()).toList();
    return (series, i) -> names.get(i);
  }

  /** An axis with round numbers that begins at zero unless something lies below. */
  static NumberAxis axis(String meaning) {
    NumberAxis axis = new NumberAxis(meaning);
    axis.setAutoRangeIncludesZero(true);
    axis.setStandardTickUnits(new NumberTickUnitSource(false, number()));
    axis.setLabelFont(FONT);
    axis.setTickLabelFont(FONT);
    axis.setLabelPaint(INK);
    axis.setTickLabelPaint(INK);
    axis.setAxisLinePaint(GREY);
    axis.setTickMarkPaint(GREY);
    return axis;
  }

  private static NumberFormat number() {
    return NumberFormat.getNumberInstance(Locale.ROOT);
  }

  /** The ground of {@code plot}. */
  static void styleBackground(XYPlot plot) {
    plot.setBackgroundPaint(Color.WHITE);
    plot.setOutlineVisible(false);
    plot.setDomainGridlinePaint(RULE);
    plot.setRangeGridlinePaint(RULE);
    plot.setDomainGridlineStroke(new BasicStroke(1));
    plot.setRangeGridlineStroke(new BasicStroke(1));
    plot.setAxisOffset(RectangleInsets.ZERO_INSETS);
  }

  /** A chart of {@code plot} with a legend under it. */
  static JFreeChart chart(Plot plot) {
    JFreeChart chart = new JFreeChart(null, FONT, plot, true);
    chart.setBackgroundPaint(Color.WHITE);
    LegendTitle legend = chart.getLegend();
    legend.setItemFont(FONT);
    legend.setItemPaint(INK);
    legend.setBorder(0, 0, 0, 0);
    return chart;
  }

  /**
   * A chart as an SVG element, for a page or a file of its own. Needs no screen; the same chart
   * always becomes the same text.
   *
   * @param name one word, different for every picture of a page
   * @param height the height, where the width is 900
   */
  static String svg(String name, JFreeChart chart, int height) {
    // Before the first class of AWT: a display that happens to be set would be tried otherwise.
    System.setProperty("java.awt.headless", "true");
    // The names of upright axes would be drawn as outlines otherwise, which cannot be searched.
    TextUtils.setUseDrawRotatedStringWorkaround(false);
    SVGGraphics2D paper = new SVGGraphics2D(SVG_WIDTH, height);
    paper.setDefsKeyPrefix(name);
    chart.draw(paper, new Rectangle2D.Double(0, 0, SVG_WIDTH, height));
    return paper.getSVGElement(
        name,
        true,
        new ViewBox(0, 0, SVG_WIDTH, height),
        PreserveAspectRatio.XMID_YMID,
        MeetOrSlice.MEET);
  }
}
