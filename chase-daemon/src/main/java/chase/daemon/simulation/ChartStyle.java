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
import org.jfree.chart.title.LegendTitle;
import org.jfree.chart.ui.RectangleInsets;

/**
 * How the pictures look: dark colours and thin lines on white, and light ones in their place for
 * readers who prefer a dark screen ({@link #dark}).
 */
final class ChartStyle {
  static final Color GREY = new Color(0x6e7781);
  private static final Color INK = new Color(0x24292f);
  static final Color RULE = new Color(0xd8dee4);
  private static final Font FONT = new Font(Font.SANS_SERIF, Font.PLAIN, 14);
  private static final float WIDTH = 2;
  private static final float THICKEST = 7.5f;
  private static final float[] DASHES = {6, 4};

  /**
   * Colours that colour-blind readers can distinguish, the first three by Okabe and Ito; each has a
   * contrast of 3 or more to white, and its place in the dark to {@link #DARK_PAPER}.
   */
  private static final List<Color> COLOURS =
      List.of(
          new Color(0x0072b2),
          new Color(0xd55e00),
          new Color(0x009e73),
          new Color(0x7900f2),
          new Color(0x593a1a),
          new Color(0x0031a5),
          INK);

  private static final List<Color> DARK_COLOURS =
      List.of(
          new Color(0x3f97dd),
          new Color(0xe8702a),
          new Color(0x16a67c),
          new Color(0xc86fae),
          new Color(0xecd05f),
          new Color(0xa4d8fb),
          new Color(0xf0f6fc));

  private static final Color DARK_PAPER = new Color(0x0d1117);

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

  /**
   * What takes the place of a colour on a dark screen.
   *
   * @throws IllegalArgumentException for a colour that no picture has
   */
  static Color dark(Color light) {
    if (light.equals(Color.WHITE)) {
      return DARK_PAPER;
    }
    if (light.equals(GREY)) {
      return new Color(0x9aa4ae);
    }
    if (light.equals(RULE)) {
      return new Color(0x30363d);
    }
    if (!COLOURS.contains(light)) {
      throw new IllegalArgumentException("no colour of the pictures: " + light);
    }
    return DARK_COLOURS.get(COLOURS.indexOf(light));
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
    return new BasicStroke(THICKEST * (count - i) / Math.max(count, 5));
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
    legend.setItemLabelPadding(new RectangleInsets(2, 4, 2, 10));
    return chart;
  }
}
