package chase.daemon.simulation;

import java.awt.geom.Rectangle2D;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.text.TextUtils;
import org.jfree.svg.MeetOrSlice;
import org.jfree.svg.PreserveAspectRatio;
import org.jfree.svg.SVGGraphics2D;
import org.jfree.svg.ViewBox;

/** Draws charts as SVG, needing no screen. The same chart always becomes the same text. */
final class Drawing {
  private static final int WIDTH = 900;

  private Drawing() {}

  /**
   * An SVG element that stands for itself, in a page or in a file.
   *
   * @param name one word, different for every picture of a page
   * @param height the height, where the width is 900
   */
  static String svg(String name, JFreeChart chart, int height) {
    // Before the first class of AWT: a display that happens to be set would be tried otherwise.
    System.setProperty("java.awt.headless", "true");
    // The names of upright axes would be drawn as outlines otherwise, which nobody can search.
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
}
